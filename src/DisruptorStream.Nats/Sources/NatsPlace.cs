using System.Globalization;
using System.Text;
using DisruptorStream.Sources;

namespace DisruptorStream.Nats.Sources;

/// <summary>A place in a stream, as the processor keeps it: text, such as "message 17 of 6389…, events 2".</summary>
/// <param name="Sequence">The last message that was given, or of which some events were.</param>
/// <param name="Events">How many events of it were given, where others follow; 0 where all were.</param>
/// <param name="MadeAt">When the stream was made, in ticks: one that is made anew has other messages.</param>
internal readonly record struct NatsPlace(long Sequence, int Events, long MadeAt)
{
    private const string Start = "message ";
    private const string Middle = " of ";
    private const string End = ", events ";

    /// <summary>The message behind which a cursor begins.</summary>
    public long After => Events > 0 ? Sequence - 1 : Sequence;

    public SourcePosition ToPosition() => new(Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Start}{Sequence}{Middle}{MadeAt}{End}{Events}")));

    /// <exception cref="SourcePositionException">It is of another kind of source.</exception>
    public static NatsPlace Of(SourcePosition position)
    {
        var text = Encoding.ASCII.GetString(position.Bytes);
        var middle = text.IndexOf(Middle, StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        return text.StartsWith(Start, StringComparison.Ordinal) && middle > 0 && end > middle
            && long.TryParse(text.AsSpan(Start.Length..middle), NumberStyles.None, null, out var sequence)
            && long.TryParse(text.AsSpan((middle + Middle.Length)..end), NumberStyles.None, null, out var madeAt)
            && int.TryParse(text.AsSpan(end + End.Length), NumberStyles.None, null, out var events)
                ? new NatsPlace(sequence, events, madeAt)
                : throw new SourcePositionException(
                    $"The position '{position}' is none of a stream of NATS: another kind of source had this name. "
                    + "Give this one another name.");
    }
}
