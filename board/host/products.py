# SPDX-License-Identifier: Apache-2.0
"""The demo's catalogue: 124 products of a distributor of foods and household goods.

Each product takes its demand from one series of data/ (see deal.py). What it is, its packs, prices,
HSN and shelf life are ours: shelf lives and margins lie in the ranges usual in the Indian trade.
"""

import dataclasses

COMPANY = "8901234"  # a demonstration prefix below India's 890


@dataclasses.dataclass(frozen=True)
class Product:
    sku: str
    name: str
    name_hi: str
    brand: str
    category: str
    hsn: str
    unit: str  # piece, gram
    piece_units: int  # base units of a piece pack: 1, or the grams of a loose kilogram
    inner: int  # pieces, 0: none
    case: int  # pieces, 0: none
    shelf_life_days: int
    expiry_kind: str
    mrp_paise: int
    cost_paise: int
    price_paise: int
    volume_ml: int
    weight_g: int  # of a piece pack with its packing
    gtins: dict  # level -> 14 digits
    instore_item: str
    series: str


def check_digit(digits):
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def gtin14(indicator, item):
    body = f"{indicator}{COMPANY}{item:05d}"
    return body + check_digit(body)


SHAPES = [("Penne", "पेन्ने"), ("Fusilli", "फुसिली"), ("Spaghetti", "स्पेगेटी"),
          ("Macaroni", "मैकरोनी"), ("Vermicelli", "सेवई")]
PASTA_BRANDS = {"B1": ("Anaaj", "अनाज"), "B2": ("Dhaanya", "धान्या"),
                "B3": ("Rasoi", "रसोई"), "B4": ("Godhum", "गोधुम")}

# category, HSN, shelf life days, date kind, [(name, Hindi, grams or ml, MRP rupees)], inner, case
OTHERS = [
    ("biscuits", "19053100", 240, "best_before",
     [("Glucose biscuits", "ग्लूकोज़ बिस्कुट", 80, 10), ("Cream biscuits", "क्रीम बिस्कुट", 120, 30),
      ("Marie biscuits", "मैरी बिस्कुट", 250, 40), ("Salt crackers", "नमकीन क्रैकर", 200, 35),
      ("Digestive biscuits", "डाइजेस्टिव बिस्कुट", 250, 65)], 12, 72),
    ("namkeen", "21069099", 120, "best_before",
     [("Aloo bhujia", "आलू भुजिया", 200, 55), ("Moong dal", "मूंग दाल नमकीन", 150, 45),
      ("Khatta meetha", "खट्टा मीठा", 200, 50), ("Potato chips", "आलू चिप्स", 52, 20),
      ("Sev", "सेव", 200, 52)], 10, 60),
    ("cakes", "19059010", 75, "best_before",
     [("Fruit cake slice", "फ्रूट केक", 60, 20), ("Chocolate cake", "चॉकलेट केक", 110, 40),
      ("Rusk", "रस्क", 300, 50)], 12, 48),
    ("dairy", "04059020", 270, "best_before",
     [("Cow ghee", "गाय का घी", 500, 340), ("Cheese slices", "चीज़ स्लाइस", 200, 150),
      ("Butter", "मक्खन", 100, 60)], 10, 30),
    ("milk", "04012000", 150, "use_by",
     [("UHT milk", "यूएचटी दूध", 1000, 78), ("Flavoured milk", "फ्लेवर्ड दूध", 180, 30)], 6, 24),
    ("juice", "20098990", 180, "best_before",
     [("Mango drink", "आम पेय", 600, 40), ("Mixed fruit juice", "मिक्स फ्रूट जूस", 1000, 120),
      ("Apple juice", "सेब का जूस", 200, 25)], 6, 24),
    ("soft_drinks", "22021010", 90, "best_before",
     [("Cola", "कोला", 750, 40), ("Lemon drink", "नींबू पेय", 750, 40),
      ("Soda water", "सोडा", 750, 20)], 0, 24),
    ("tea", "09023020", 365, "best_before",
     [("Leaf tea", "पत्ती चाय", 250, 140), ("Dust tea", "डस्ट चाय", 500, 230)], 12, 48),
    ("spices", "09103030", 365, "best_before",
     [("Turmeric powder", "हल्दी पाउडर", 100, 38), ("Chilli powder", "मिर्च पाउडर", 100, 52),
      ("Garam masala", "गरम मसाला", 100, 82), ("Coriander powder", "धनिया पाउडर", 100, 34)], 20, 120),
    ("sauces", "21032000", 270, "best_before",
     [("Tomato ketchup", "टोमैटो केचप", 500, 115), ("Soy sauce", "सोया सॉस", 200, 70)], 0, 24),
    ("oil", "15121910", 270, "best_before",
     [("Sunflower oil", "सूरजमुखी तेल", 1000, 165), ("Mustard oil", "सरसों का तेल", 1000, 180)], 0, 12),
    ("noodles", "19023010", 270, "best_before",
     [("Instant noodles", "इंस्टेंट नूडल्स", 70, 14), ("Atta noodles", "आटा नूडल्स", 75, 26)], 12, 96),
    ("soap", "34011190", 900, "use_by",
     [("Bath soap", "नहाने का साबुन", 100, 38), ("Neem soap", "नीम साबुन", 75, 30)], 12, 144),
    ("oral_care", "33061020", 730, "use_by",
     [("Toothpaste", "टूथपेस्ट", 150, 98)], 12, 72),
    ("hair_care", "33051090", 900, "use_by",
     [("Shampoo", "शैम्पू", 180, 130), ("Coconut hair oil", "नारियल तेल", 200, 105)], 12, 48),
]
OTHER_BRANDS = [("Surya", "सूर्या"), ("Kaveri", "कावेरी"), ("Himal", "हिमाल"), ("Nandi", "नंदी")]
LOOSE = [("Loose almonds", "बादाम खुला", "08021200", 270, 92000),
         ("Loose cashew", "काजू खुला", "08013220", 270, 98000),
         ("Loose raisins", "किशमिश खुली", "08062010", 300, 42000),
         ("Loose toor dal", "अरहर दाल खुली", "07136000", 240, 17500)]


def priced(mrp_paise):
    """Cost and usual price before tax: MRP less 5 % tax, 10 % retail and 5 % distributor margin."""
    price = round(mrp_paise / 1.05 / 1.10)
    return round(price / 1.05), price


def catalogue(pasta_series, other_series):
    """All products, in a fixed order: one for each series, the last four as loose goods."""
    products = []

    def add(sku, name, name_hi, brand, category, hsn, unit, piece_units, inner, case, life, kind,
            mrp, volume, grams, series, instore=""):
        cost, price = priced(mrp)
        item = len(products) + 1
        gtins = {"piece": gtin14(0, item)} if not instore else {}
        if inner:
            gtins["inner"] = gtin14(1, item)
        if case:
            gtins["case"] = gtin14(2, item)
        products.append(Product(sku, name, name_hi, brand, category, hsn, unit, piece_units, inner,
                                case, life, kind, mrp, cost, price, volume,
                                round(grams * 1.05), gtins, instore, series))

    for n, series in enumerate(pasta_series):
        brand, brand_hi = PASTA_BRANDS[series.split("_")[0]]
        shape, shape_hi = SHAPES[n % len(SHAPES)]
        grams = (250, 400, 500)[n // len(SHAPES) % 3]
        no = n // len(SHAPES) + 1
        add(f"PAS-{n + 1:03d}", f"{brand} {shape} {grams} g No. {no}",
            f"{brand_hi} {shape_hi} {grams} ग्राम नं. {no}", brand, "pasta", "19021900", "piece", 1,
            12, 24, 540 if shape != "Vermicelli" else 270, "best_before",
            {250: 4500, 400: 7200, 500: 8800}[grams], grams * 3, grams, series)

    kinds = [(c, hsn, life, kind, row, inner, case)
             for c, hsn, life, kind, rows, inner, case in OTHERS for row in rows]
    for n, series in enumerate(other_series[:-len(LOOSE)]):
        category, hsn, life, kind, (name, hindi, size, rupees), inner, case = kinds[n % len(kinds)]
        brand, brand_hi = OTHER_BRANDS[n // len(kinds) % len(OTHER_BRANDS)]
        liquid = category in ("milk", "juice", "soft_drinks", "oil", "sauces", "hair_care")
        unit, unit_hi = ("ml", "मिली") if liquid else ("g", "ग्राम")
        add(f"{category[:3].upper()}-{n + 1:03d}", f"{brand} {name} {size} {unit}",
            f"{brand_hi} {hindi} {size} {unit_hi}", brand, category, hsn, "piece", 1, inner, case,
            life, kind, rupees * 100, size * 2, size, series)

    for n, (series, row) in enumerate(zip(other_series[-len(LOOSE):], LOOSE)):
        name, hindi, hsn, life, mrp = row
        add(f"LOO-{n + 1:03d}", f"{name} 1 kg", f"{hindi} 1 किलो", "Mandi", "loose", hsn, "gram",
            1000, 0, 25, life, "best_before", mrp, 1500, 1000, series, f"21{n + 101:05d}")
    return products
