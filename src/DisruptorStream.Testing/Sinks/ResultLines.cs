using System.Globalization;
using DisruptorStream.Emission;

namespace DisruptorStream.Testing.Sinks;

/// <summary>Writes all that comes out down, in its order, a line for each pane and each dropped event.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>For runs that must agree to the bit. Read it while nothing is under way.</remarks>
internal sealed class ResultLines<TKey> : IResultSink<TKey>, IDroppedEventSink<TKey>
{
    private readonly bool _withSequences;

    /// <param name="withSequences">Whether lines begin with the sequence of the slot that caused them.</param>
    public ResultLines(bool withSequences = false) => _withSequences = withSequences;

    public List<string> Lines { get; } = [];

    /// <summary>Number, text and bits of the values of a pane: the bits tell apart what reads the same.</summary>
    public static string LineOf(in WindowResult<TKey> pane)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{pane.Number}: {pane} bits");
        foreach (var bits in pane.RawValues)
            line += string.Create(CultureInfo.InvariantCulture, $" {bits:x}");
        return line;
    }

    public void OnResults(ResultBatch<TKey> batch)
    {
        foreach (var result in batch)
            Add(result.Sequence, LineOf(result));
    }

    public void OnDropped(in DroppedEvent<TKey> dropped) => Add(dropped.Sequence, string.Create(
        CultureInfo.InvariantCulture, $"{dropped.Key} {dropped.TimestampTicks} dropped: {dropped.Reason}"));

    private void Add(long sequence, string line) => Lines.Add(
        _withSequences ? string.Create(CultureInfo.InvariantCulture, $"{sequence} {line}") : line);
}
