# The two commands: `make run` and `make test`. Maven is started on JDK 25 where one is found, since the formatter needs it;
# the build itself finds its JDK through Maven's toolchains either way.
export JAVA_HOME := $(shell .mvn/find-jdk)
MVN := mvn -B

.PHONY: test format
test:
	$(MVN) verify

format:
	$(MVN) spotless:apply
