package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Facts;
import dev.nixosoperator.api.v1alpha1.PreflightFinding.Result;
import dev.nixosoperator.lifecycle.Memory;
import java.util.stream.Collectors;

/** What people read of a machine that is only observed. */
final class Observed {
    private Observed() {}

    static String message(Memory memory) {
        Facts facts = memory.facts();
        String runs = facts == null || facts.os() == null ? "" : ", runs " + facts.os();
        if (memory.install() != null) {
            return "observed only; installed at " + memory.install().time().text();
        }
        String plan = memory.plan() == null || memory.plan().disks().isEmpty()
                ? ""
                : "; status.plan says what an installation would do";
        return "observed only, nothing is changed" + runs
                + told(memory, Result.Failed, "; an installation would be refused: ")
                + told(memory, Result.Warning, "; warnings: ")
                + plan;
    }

    private static String told(Memory memory, Result result, String before) {
        String all = memory.preflight().stream()
                .filter(finding -> finding.result() == result)
                .map(finding -> finding.check() + ": " + finding.message())
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? "" : before + all;
    }
}
