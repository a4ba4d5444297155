using DisruptorStream.Building;

namespace DisruptorStream.Cli.Jobs;

/// <summary>The windows as the command line names them.</summary>
internal sealed record WindowSpec(string Kind, TimeSpan Length, TimeSpan Slide)
{
    private const string Forms = "tumbling:SIZE, sliding:SIZE/SLIDE or session:GAP, such as tumbling:5m";

    /// <exception cref="FormatException">The text is none of the three forms.</exception>
    public static WindowSpec Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw new FormatException($"'{text}' is not a window; write {Forms}.");
        var kind = text[..colon];
        var lengths = text[(colon + 1)..].Split('/');
        var wanted = kind switch
        {
            "tumbling" or "session" => 1,
            "sliding" => 2,
            _ => throw new FormatException($"There is no window '{kind}'; write {Forms}."),
        };
        if (lengths.Length != wanted)
        {
            throw new FormatException(
                $"The window '{text}' has {lengths.Length} length(s) and needs {wanted}; write {Forms}.");
        }

        var spans = Array.ConvertAll(lengths, Duration.Parse);
        return Array.Exists(spans, span => span <= TimeSpan.Zero)
            ? throw new FormatException($"The window '{text}' has a length that is not above zero.")
            : new WindowSpec(kind, spans[0], spans[^1]);
    }

    public WindowedStep<StreamProcessor<string>, string> Apply(KeyedEventsStep<string> events, TimeSpan offset) =>
        Kind switch
        {
            "tumbling" => events.TumblingWindows(Length, offset),
            "sliding" => events.SlidingWindows(Length, Slide, offset),
            _ => events.SessionWindows(Length),
        };
}
