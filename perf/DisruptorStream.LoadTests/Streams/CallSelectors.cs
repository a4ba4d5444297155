namespace DisruptorStream.LoadTests.Streams;

/// <summary>What is read of calls.</summary>
/// <remarks>
/// The very same for all that is compared: the compiler guesses from what ran first which selector comes, and takes it
/// into its caller. Selectors that do the same elsewhere would be called, and each call copies an event.
/// </remarks>
internal static class CallSelectors
{
    public static Func<Call, long> Ticks { get; } = call => call.Ticks;

    public static Func<Call, double> Latency { get; } = call => call.Milliseconds;

    public static Func<Call, double> Tokens { get; } = call => call.Tokens;

    public static Func<Call, double> Cost { get; } = call => call.Cost;

    public static Func<Call, string> Tenant { get; } = call => call.Tenant;
}
