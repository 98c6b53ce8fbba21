/* SPDX-License-Identifier: Apache-2.0 */
/* ctl/ctl.h -- vyaparctl, the technician's command line: looks into journals, checks what a person
 * wrote before the appliance reads it, makes PIN hashes. It holds no rule of its own: it calls the
 * same code as stationd. Each command is one row of the table in ctl_main.c. */
#pragma once

#include "attr.h"
#include "diag.h"

/* How vyaparctl ends. */
enum ctl_exit {
    CTL_GOOD = 0,
    CTL_BAD = 1,   /* what was looked at is not right, or cannot be read: said on stderr */
    CTL_USAGE = 2, /* the command line is not right */
};

/* A command gets its arguments behind its words. */
typedef enum ctl_exit (*ctl_command_fn)(int argc, char **argv);

enum ctl_exit ctl_journal_verify(int argc, char **argv);
enum ctl_exit ctl_journal_dump(int argc, char **argv);
enum ctl_exit ctl_journal_balance(int argc, char **argv);
enum ctl_exit ctl_journal_digest(int argc, char **argv);
enum ctl_exit ctl_journal_rebuild(int argc, char **argv);
enum ctl_exit ctl_documents_check(int argc, char **argv);
enum ctl_exit ctl_config_check(int argc, char **argv);
enum ctl_exit ctl_identity_root(int argc, char **argv);
enum ctl_exit ctl_identity_tenant(int argc, char **argv);
enum ctl_exit ctl_identity_device(int argc, char **argv);
enum ctl_exit ctl_identity_relay(int argc, char **argv);
enum ctl_exit ctl_identity_server(int argc, char **argv);
enum ctl_exit ctl_identity_revoke(int argc, char **argv);
enum ctl_exit ctl_identity_crl(int argc, char **argv);
enum ctl_exit ctl_identity_show(int argc, char **argv);
enum ctl_exit ctl_pin(int argc, char **argv);
enum ctl_exit ctl_claim(int argc, char **argv);
enum ctl_exit ctl_cards(int argc, char **argv);
enum ctl_exit ctl_wire_decode(int argc, char **argv);

/* "vyaparctl: PLACE: line N: WORDS" on stderr, the words of errno where diag has none. */
enum ctl_exit ctl_complain(const char *place, const struct diag *why, int err);

/* A wrong command line: one sentence, and where to read more. */
enum ctl_exit ctl_misused(const char *fmt, ...) PRINTF_LIKE(1, 2);
