using DisruptorStream.Building;
using DisruptorStream.Expressions;
using DisruptorStream.Messages;

namespace DisruptorStream.Cli.Jobs;

/// <summary>The windows as the command line names them.</summary>
internal sealed record WindowSpec(string Kind, TimeSpan Length, TimeSpan Slide)
{
    private const string Forms = "tumbling:SIZE, sliding:SIZE/SLIDE or session:GAP, such as tumbling:5m";

    // What the engine takes: a quarter of what ticks can count, in whole days.
    private const int MostDays = 2_668_799;

    private static readonly string[] Kinds = ["tumbling", "sliding", "session"];

    /// <exception cref="ExpressionException">The text is none of the three forms.</exception>
    public static WindowSpec Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? text : text[..colon];
        if (!Kinds.Contains(kind, StringComparer.Ordinal))
            throw new ExpressionException($"There is no window '{kind}'; {Hint(kind)} Write {Forms}.", 0, kind.Length);
        if (colon < 0)
            throw new ExpressionException($"The window '{text}' has no length; write {Forms}.", text.Length, 1);
        var lengths = text[(colon + 1)..].Split('/');
        var wanted = kind == "sliding" ? 2 : 1;
        if (lengths.Length != wanted)
        {
            throw new ExpressionException(
                $"The window '{text}' has {lengths.Length} length(s) and needs {wanted}; write {Forms}.",
                colon + 1,
                text.Length - colon - 1);
        }

        var start = colon + 1;
        var spans = new TimeSpan[wanted];
        for (var i = 0; i < wanted; i++)
        {
            spans[i] = ParseLength(text, lengths[i], start);
            start += lengths[i].Length + 1;
        }

        return new WindowSpec(kind, spans[0], spans[^1]);
    }

    public TStep Apply<TStep>(WindowingStep<TStep> events, TimeSpan offset) =>
        Kind switch
        {
            "tumbling" => events.TumblingWindows(Length, offset: offset),
            "sliding" => events.SlidingWindows(Length, Slide, offset),
            _ => events.SessionWindows(Length),
        };

    private static TimeSpan ParseLength(string window, string text, int start)
    {
        try
        {
            var span = Duration.Parse(text);
            if (span <= TimeSpan.Zero)
                throw new FormatException($"The window '{window}' has a length that is not above zero.");
            return span.Ticks <= MostDays * TimeSpan.TicksPerDay ? span : throw new FormatException(
                $"The window '{window}' is too long; {MostDays}d is the longest.");
        }
        catch (FormatException exception)
        {
            throw new ExpressionException(exception.Message, start, text.Length);
        }
    }

    private static string Hint(string kind) => kind switch
    {
        "hop" or "hopping" or "rolling" or "moving" => "did you mean 'sliding'?",
        "fixed" => "did you mean 'tumbling'?",
        _ when NearestWord.Find(kind, Kinds) is { } near => $"did you mean '{near}'?",
        [>= '0' and <= '9', ..] => $"did you mean 'tumbling:{kind}'?",
        _ => "there are tumbling, sliding and session.",
    };
}
