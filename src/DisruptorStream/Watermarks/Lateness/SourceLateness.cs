using System.Globalization;
using System.Text;
using DisruptorStream.Watermarks.History;

namespace DisruptorStream.Watermarks.Lateness;

/// <summary>
/// How late the events of a source come: how far behind its newest event, which is what <see
/// cref="WatermarkOptions.MaxOutOfOrderness"/> has to be for none of them to be late.
/// </summary>
/// <param name="EventsMeasured">
/// The events that were looked at: the first 4,096 of the input, and then 512 of each 65,536.
/// </param>
/// <param name="EventsBehind">Those of them that came behind one of the source with a later timestamp.</param>
/// <param name="Most">How far the latest of them was behind.</param>
public sealed record SourceLateness(long EventsMeasured, long EventsBehind, TimeSpan Most)
{
    /// <summary>
    /// An out-of-orderness for 99 % of the events: zero or more, at most an eighth or 0.1 ms too long. Null where fewer
    /// than 100 events were looked at.
    /// </summary>
    public TimeSpan? Bound99 { get; init; }

    /// <summary>As <see cref="Bound99"/>, for 99.9 %; null for fewer than 1,000 events.</summary>
    public TimeSpan? Bound999 { get; init; }

    /// <summary>As <see cref="Bound99"/>, for 99.99 %; null for fewer than 10,000 events.</summary>
    public TimeSpan? Bound9999 { get; init; }

    /// <summary>In words: how late each share of the events is at most.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Add(text, "99 %", Bound99);
        Add(text, "99.9 %", Bound999);
        Add(text, "99.99 %", Bound9999);
        Add(text, "all", Most);
        return text.Append(CultureInfo.InvariantCulture, $" ({EventsMeasured:N0} measured)").ToString();
    }

    private static void Add(StringBuilder text, string share, TimeSpan? bound)
    {
        if (bound is not { } late)
            return;
        var isFirst = text.Length == 0;
        text.Append(isFirst ? "" : ", ").Append(share).Append(isFirst ? " of the events are at most " : " ")
            .Append(late == TimeSpan.Zero ? "0 s" : AdvanceText.Of(late)).Append(isFirst ? " late" : "");
    }
}
