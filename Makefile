# The two commands: `make run` and `make test`. Maven is started on JDK 25, since the formatter needs it; plain `mvn` may be
# started by an older JDK, and finds JDK 25 through its toolchains.
export JAVA_HOME := $(shell .mvn/find-jdk)
ifeq ($(JAVA_HOME),)
$(error see above)
endif
MVN := mvn -B -ntp

.PHONY: test format
test:
	$(MVN) verify

format:
	$(MVN) -q spotless:apply
