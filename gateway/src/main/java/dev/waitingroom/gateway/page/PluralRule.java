package dev.waitingroom.gateway.page;

/** The plural categories of CLDR for whole numbers, as far as our languages have texts for them. */
enum PluralRule {
    /** Japanese, Korean, Chinese. */
    NONE {
        @Override
        String category(long n) {
            return OTHER;
        }
    },
    /** One for 1: English, German, Spanish, Italian. */
    ONE {
        @Override
        String category(long n) {
            return n == 1 ? ONE_ITEM : OTHER;
        }
    },
    /** One for 0 and 1: French, Portuguese, Hindi. */
    UP_TO_ONE {
        @Override
        String category(long n) {
            return n <= 1 ? ONE_ITEM : OTHER;
        }
    },
    ARABIC {
        @Override
        String category(long n) {
            long hundredth = n % 100;
            if (n == 1) {
                return ONE_ITEM;
            }
            return hundredth >= 3 && hundredth <= 10 ? FEW : OTHER;
        }
    };

    static final String ONE_ITEM = "one";
    static final String FEW = "few";
    static final String OTHER = "other";

    /** @param n at least 0 */
    abstract String category(long n);

    static PluralRule of(String tag) {
        return switch (tag) {
            case "ja", "ko", "zh-Hans" -> NONE;
            case "fr", "pt", "hi" -> UP_TO_ONE;
            case "ar" -> ARABIC;
            default -> ONE;
        };
    }
}
