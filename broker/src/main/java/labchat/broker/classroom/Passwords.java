package labchat.broker.classroom;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Passwords that can be read aloud and typed from paper: four words out of 256 and a number of three digits, as in
 * {@code lamp-river-kiwi-moss-482}. That is 42 bits: four times eight, and ten for the number.
 */
public final class Passwords {

    /** Short, spelled as they sound, and none of them begins another. */
    static final List<String> WORDS = List.of("""
            acorn actor agent album alley amber angel ankle apple apron arena armor
            atlas attic bacon badge baker bamboo banjo barn basil basket beach beaver
            bench berry bison blanket blossom bonus boot bottle branch bread brick bridge
            broom brush bubble bucket buffalo bulb bunny butter button cabin cable cactus
            camel camera candle canoe canvas caramel carbon cargo carpet castle cedar cello
            cement chalk cherry chess circus clay clock cloud clover cobra cocoa coffee
            comet copper coral cotton cradle crane crayon cricket crown crystal cube curtain
            daisy dancer denim desert diamond dinner dolphin domino donkey dragon drum eagle
            earth echo elbow elephant ember emerald engine envelope falcon farmer feather fence
            ferry fiddle finger flame flute forest fossil fountain fox frog galaxy garden
            garlic giant ginger giraffe glacier globe glove goblet gold guitar hammer harbor
            harvest hazel helmet heron hiker honey horizon hotel hunter iceberg igloo indigo
            island ivory jacket jaguar jasmine jelly jewel jigsaw judge jungle kayak kettle
            kitten kiwi knight ladder lagoon lamp lantern laptop lemon leopard letter lilac
            linen lizard lobster locket lotus lunar magnet mango maple marble meadow melon
            meteor mirror mitten monkey moss motor mountain muffin museum napkin nectar needle
            nickel north nugget ocean olive onion opera orbit orchid otter oyster paddle
            palace panda paper parrot pebble pencil penguin pepper piano pillow pilot pirate
            planet plum pocket polar pony poppy potato prism pumpkin puzzle quartz rabbit
            radar radio raven ribbon river robin robot rocket saddle salmon sandal saturn
            scarf school shadow silver sketch snow socket spider spoon squirrel stadium tulip
            turtle violin walnut zebra
            """.strip().split("\\s+"));

    private static final int WORDS_IN_ONE = 4;

    private final SecureRandom random;

    /** @param random where they come from */
    public Passwords(SecureRandom random) {
        this.random = random;
    }

    /** Another one each time. */
    public String next() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < WORDS_IN_ONE; i++) {
            parts.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        parts.add(String.valueOf(100 + random.nextInt(900)));
        return String.join("-", parts);
    }
}
