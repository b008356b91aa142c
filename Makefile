# The two commands: `make run` and `make test`. Maven is started on JDK 25, since the formatter needs it; plain `mvn` may be
# started by an older JDK, and finds JDK 25 through its toolchains.
export JAVA_HOME := $(shell .mvn/find-jdk)
ifeq ($(JAVA_HOME),)
$(error see above)
endif
MVN := mvn -B -ntp
# Maven's own Guava uses what JDK 25 warns of.
export MAVEN_OPTS += --sun-misc-unsafe-memory-access=allow -XX:TieredStopAtLevel=1

.PHONY: run test format images crds docs site e2e acceptance fuzz chaos soak bench streams

# ROOM=FILE another YAML; VISITORS=N simulated visitors; PORT=N; KUBECONFIG_FILE=FILE and REDIS_URL=URL real
# ones instead, where pods run GATEWAY_IMAGE if the cluster has nodes.
run:
	@$(MVN) -q -Dspotless.check.skip=true -pl dev -am test-compile
	@exec $(JAVA_HOME)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	  -cp dev/target/classes:$$(cat dev/target/classpath) dev.waitingroom.dev.DevMain \
	  $(if $(ROOM),--room $(ROOM)) $(if $(VISITORS),--visitors $(VISITORS)) $(if $(PORT),--port $(PORT)) \
	  $(if $(KUBECONFIG_FILE),--kubeconfig $(KUBECONFIG_FILE)) $(if $(REDIS_URL),--redis-url $(REDIS_URL)) \
	  $(if $(GATEWAY_IMAGE),--gateway-image $(GATEWAY_IMAGE))

test:
	$(MVN) verify

format:
	$(MVN) -q spotless:apply

# What the line promises, on two gateway processes and a real Redis: a line for each check with what was seen, the long runs included.
# TOPOLOGY=single|aof|sentinel|cluster|tls|valkey says how Redis runs.
acceptance:
	$(MVN) -q -pl chaos -am -Dtest='*AcceptanceIT' -Dsurefire.failIfNoSpecifiedTests=false -Dacceptance.long=true -Dchaos.quick=false \
	  -Djunit.jupiter.execution.parallel.enabled=false \
	  $(if $(TOPOLOGY),-Dacceptance.redis=$(TOPOLOGY)) verify; \
	status=$$?; cat chaos/target/acceptance.md chaos/target/abuse.md; exit $$status

# Plays 2,000 random histories on scripts and model, three minutes. Then looks for what breaks the token decoder or the HTTP surface, a
# minute for each of the four tests. What is found is written beside the test's other inputs, and played again by `make test` from then on.
fuzz:
	$(MVN) -q -pl queue -am -Dtest=LineProperties -Dtest.without=none -Dsurefire.failIfNoSpecifiedTests=false verify
	for test in queue:TicketFuzzTest\#whatIsNotSignedIsNoTicket queue:TicketFuzzTest\#whatIsSignedIsOneTicketOrNone \
	  gateway:HttpFuzzTest\#anyBytesAreAnsweredOrCutOff gateway:HttpFuzzTest\#anyHeadersAndBodyAreAnsweredOrCutOff; do \
	  JAZZER_FUZZ=1 $(MVN) -q -pl $${test%%:*} -am -Dfuzz.hooks=true -Dtest="$${test#*:}" -Dsurefire.failIfNoSpecifiedTests=false verify || exit 1; \
	done

# Breaks things for so long and judges what visitors saw, docs/reliability.md: make chaos SECONDS=600 SEED=1
# [TOPOLOGY=single|aof|sentinel|cluster|tls|valkey].
chaos:
	@$(MVN) -q -Dspotless.check.skip=true -pl chaos -am test-compile
	@exec $(JAVA_HOME)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	  -cp chaos/target/classes:$$(cat chaos/target/classpath) dev.waitingroom.chaos.ChaosMain \
	  $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED)) $(if $(TOPOLOGY),--topology $(TOPOLOGY)) \
	  --report docs/reliability.md

# Runs `make run` for so long, with visitors who keep coming, and judges how its processes grow, docs/reliability.md:
# make soak MINUTES=60 [VISITORS=200] [PORT=8080].
soak:
	@$(MVN) -q -Dspotless.check.skip=true -pl chaos -am test-compile
	@exec $(JAVA_HOME)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	  -cp chaos/target/classes:$$(cat chaos/target/classpath) dev.waitingroom.chaos.soak.SoakMain \
	  $(if $(MINUTES),--minutes $(MINUTES)) $(if $(VISITORS),--visitors $(VISITORS)) $(if $(PORT),--port $(PORT)) \
	  --report docs/reliability.md

# Measures the times that comments name, for about six minutes, and writes docs/reference/benchmarks.md. SHORT=1 only tries the benchmarks.
bench:
	@$(MVN) -q -Dspotless.check.skip=true -pl bench -am test-compile
	@exec $(JAVA_HOME)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	  -cp bench/target/classes:$$(cat bench/target/classpath) dev.waitingroom.bench.BenchMain \
	  $(if $(SHORT),--short,--report docs/reference/benchmarks.md)

# Measures 10,000 streams on one gateway process for ten minutes, and writes docs/reference/benchmarks.md. With SECONDS=30, STREAMS=N or
# DEPARTURES=N it only tries.
streams:
	@$(MVN) -q -Dspotless.check.skip=true -pl bench -am test-compile
	@exec $(JAVA_HOME)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	  -cp bench/target/classes:$$(cat bench/target/classpath) dev.waitingroom.bench.streams.StreamLoadMain \
	  $(if $(SECONDS),--seconds $(SECONDS)) $(if $(STREAMS),--streams $(STREAMS)) $(if $(DEPARTURES),--departures $(DEPARTURES)) \
	  $(if $(SECONDS)$(STREAMS)$(DEPARTURES),,--report docs/reference/benchmarks.md)

# The images as target/images/{operator,gateway}.tar, without a Docker daemon. Their base is made on the spot, of this machine's JDK;
# `make images BASE=eclipse-temurin:25-jre` takes a published one.
BASE := tar://$(CURDIR)/target/images/runtime.tar
images: $(if $(findstring tar://,$(BASE)),target/images/runtime.tar)
	$(MVN) -q -pl gateway,operator -am -DskipTests -Djib.from.image=$(BASE) -Djib.disableUpdateChecks=true package jib:buildTar

target/images/runtime.tar: images/runtime
	images/runtime $@

# The chart's copy of the generated CRDs.
crds:
	$(MVN) -q -pl crds process-classes
	cp crds/target/classes/META-INF/fabric8/*.yml charts/waitingroom-operator/crds/

# The references that are generated from code: docs/reference/{crds,settings,metrics}.md. `make test` compares them.
docs:
	$(MVN) -q -pl e2e -am -Dtest='dev/waitingroom/e2e/reference/*Test' -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write=true \
	  -Dspotless.check.skip=true verify

# The documentation as a site, in target/site.
site:
	.ci/check-site

# On a real Kubernetes: a node of this machine's own, or the cluster that KUBECONFIG names.
e2e:
	e2e/run
