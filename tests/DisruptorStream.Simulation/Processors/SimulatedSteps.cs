namespace DisruptorStream.Simulation.Processors;

/// <summary>Random steps of a stream.</summary>
internal static class SimulatedSteps
{
    public const int Sources = 3;

    /// <param name="random">Decides.</param>
    /// <param name="count">How many.</param>
    /// <param name="shape">Of which stream.</param>
    public static SimulatedStep[] Generate(Random random, int count, SimulatedShape shape)
    {
        var steps = new SimulatedStep[count];
        var time = 0L;
        for (var step = 0; step < count; step++)
            steps[step] = Next(random, ref time, shape);
        return steps;
    }

    private static SimulatedStep Next(Random random, ref long time, SimulatedShape shape)
    {
        var source = random.Next(Sources);
        switch (random.Next(40))
        {
            case 0:
                return new SimulatedStep.Watermark(source, (time - random.Next(20)) * shape.Unit.Ticks);
            case 1:
                return new SimulatedStep.Idle(source);
            case 2:
                return new SimulatedStep.Remove(source);
            case < 8:
                return new SimulatedStep.Clock(random.Next(1, 6_000_000));
            default:
                var events = new SimulatedEvent[random.Next(3) > 0 ? 1 : random.Next(1, 40)];
                for (var index = 0; index < events.Length; index++)
                    events[index] = NextEvent(random, ref time, shape);
                return new SimulatedStep.Publish(source, events);
        }
    }

    private static SimulatedEvent NextEvent(Random random, ref long time, SimulatedShape shape)
    {
        time += random.Next(4);

        // Keys come and go: each time has some of its own.
        var tenant = random.Next(20) == 0 ? null : $"tenant-{(time / 150) + random.Next(4)}";
        var cost = random.Next(30) == 0 ? double.NaN : random.Next(-50, 50);

        // A clock that lies, for the guard against those.
        var ahead = shape.Guard is not null && random.Next(60) == 0 ? random.Next(100, 2_000) : 0;
        var ticks = (time + ahead - random.Next(12)) * shape.Unit.Ticks;
        return new SimulatedEvent(ticks, tenant, random.Next(6), cost);
    }
}
