namespace DisruptorStream.LoadTests.Streams;

/// <summary>Calls in order of time, always the same ones: 4 models, 200 tenants, 5,000 users.</summary>
internal static class Calls
{
    private const int Models = 4;
    private const int Tenants = 200;
    private const int Users = 5_000;
    private const int PerSecond = 100_000;

    public static Call[] Generate(int count)
    {
        var random = new Random(7);
        var models = Names("model", Models);
        var tenants = Names("tenant", Tenants);
        var calls = new Call[count];
        for (var index = 0; index < count; index++)
        {
            calls[index] = new Call(
                TicksOf(index),
                models[random.Next(Models)],
                tenants[random.Next(Tenants)],
                random.Next(Users),
                random.Next(20, 2_000),
                random.Next(1, 4_000),
                random.Next(1, 100),
                random.Next(100) < 2 ? 503 : 200);
        }

        return calls;
    }

    /// <summary>The time of a call.</summary>
    /// <param name="index">Its place among all, from 0.</param>
    public static long TicksOf(long index) => index * (TimeSpan.TicksPerSecond / PerSecond);

    private static string[] Names(string prefix, int count)
    {
        var names = new string[count];
        for (var index = 0; index < count; index++)
            names[index] = FormattableString.Invariant($"{prefix}-{index}");
        return names;
    }
}
