package jane.optim;

/** A schedule with a description of its own. */
record Described(String describe, Schedule rule) implements Schedule {
    @Override
    public double at(long step) {
        return rule.at(step);
    }
}
