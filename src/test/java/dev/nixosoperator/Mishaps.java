package dev.nixosoperator;

import static org.awaitility.Awaitility.await;

import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.bench.LivingMachine;
import dev.nixosoperator.bench.ScriptedHost.Break;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What happens to a site, one mishap after another, by a seed; what must be undone is undone after a while. */
final class Mishaps {
    /** Each with how often it comes, among the others. */
    enum Mishap {
        ANSWER_LOST(40),
        COMMAND_LOST(40),
        SILENCE(30),
        POWER_CUT(30),
        DISK_FULL(20),
        OUT_OF_MEMORY(20),
        WRONG_HOST_KEY(10),
        SECRET_CHANGED(3),
        SUSPENDED(15),
        RECREATED(10),
        REINSTALL(60),
        LAYOUT_EDITED(1),
        OTHER_LAYOUT(10),
        API_SERVER_RESTARTED(2),
        OPERATOR_KILLED(2);

        private final int weight;

        Mishap(int weight) {
            this.weight = weight;
        }
    }

    private record Undo(long due, Runnable what) {}

    private final SplittableRandom random;
    private final Site site;
    private final Person person;
    private final Runnable kill;
    private final List<String> names;
    private final List<Undo> undos = new ArrayList<>();
    private final Map<Mishap, Integer> counts = new EnumMap<>(Mishap.class);
    private int number;

    /** @param kill ends the operator and starts another */
    Mishaps(long seed, Site site, Person person, List<String> names, Runnable kill) {
        this.random = new SplittableRandom(seed);
        this.site = site;
        this.person = person;
        this.names = names;
        this.kill = kill;
    }

    Map<Mishap, Integer> counts() {
        return counts;
    }

    /** One more. */
    void next() {
        undo(System.nanoTime());
        int all = List.of(Mishap.values()).stream()
                .mapToInt(mishap -> mishap.weight)
                .sum();
        int which = random.nextInt(all);
        for (Mishap mishap : Mishap.values()) {
            which -= mishap.weight;
            if (which < 0) {
                counts.merge(mishap, 1, Integer::sum);
                strike(mishap, names.get(random.nextInt(names.size())));
                return;
            }
        }
    }

    /** From now on all goes well. */
    void end() {
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            Site.whateverTheApiServerSays(() -> undo(Long.MAX_VALUE));
            return undos.isEmpty();
        });
        site.fleet.machines().forEach(LivingMachine::heals);
    }

    /** What the API server refuses is still to be undone. */
    private void undo(long now) {
        for (Undo undo : List.copyOf(undos)) {
            if (undo.due() <= now) {
                undo.what().run();
                undos.remove(undo);
            }
        }
    }

    private void later(Runnable what) {
        undos.add(new Undo(System.nanoTime() + seconds(2, 15).toNanos(), what));
    }

    private Duration seconds(int least, int most) {
        return Duration.ofMillis(random.nextInt(1000 * least, 1000 * most));
    }

    private void strike(Mishap mishap, String name) {
        LivingMachine machine = site.machine(name);
        switch (mishap) {
            case ANSWER_LOST -> machine.breaks(Break.ANSWER_LOST);
            case COMMAND_LOST -> machine.breaks(Break.NEVER_ARRIVED);
            case SILENCE -> machine.isSilentFor(seconds(1, 20));
            case POWER_CUT -> machine.losesPower();
            case DISK_FULL -> machine.failsNext(1, "No space left on device");
            case OUT_OF_MEMORY -> machine.failsNext(137, "Killed");
            case WRONG_HOST_KEY -> {
                machine.shows("an impostor");
                later(() -> machine.shows(null));
            }
            case SECRET_CHANGED -> site.secret("ssh", "key " + ++number);
            case SUSPENDED -> {
                person.suspend(name, true);
                later(() -> person.suspend(name, false));
            }
            case RECREATED -> recreate(name);
            case REINSTALL -> person.reinstall(name, "token-" + ++number);
            case LAYOUT_EDITED -> {
                site.layout(Site.LAYOUT, "2M");
                later(() -> site.layout(Site.LAYOUT, "1M"));
            }
            case OTHER_LAYOUT -> person.takeLayout(name, random.nextBoolean() ? Site.LAYOUT : Site.OTHER_LAYOUT);
            case API_SERVER_RESTARTED -> site.api.restart();
            case OPERATOR_KILLED -> kill.run();
        }
    }

    /** As a person would who believes that this helps. */
    private void recreate(String name) {
        site.client
                .resources(NixosMachine.class)
                .inNamespace(site.namespace)
                .withName(name)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
        site.awaitGone(name);
        site.create(name, Site.RARELY);
    }
}
