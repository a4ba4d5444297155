using System.Globalization;
using DisruptorStream.Emission;

namespace DisruptorStream.Properties;

/// <summary>Writes every result down, to the bit.</summary>
internal sealed class ResultList : IResultSink<string>, IDroppedEventSink<string>
{
    public List<string> Lines { get; } = [];

    public void OnResults(ResultBatch<string> batch)
    {
        foreach (var result in batch)
        {
            var (start, end) = (result.Window.StartTicks, result.Window.EndTicks);
            var last = result.IsLast ? "last " : "";
            var bits = string.Join(' ', result.RawValues.ToArray().Select(value => $"{value:x16}"));
            Lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Key} [{start}, {end}) {result.Timing} #{result.PaneIndex} {last}{bits}"));
        }
    }

    public void OnDropped(in DroppedEvent<string> dropped) => Lines.Add(string.Create(
        CultureInfo.InvariantCulture, $"{dropped.Key} {dropped.TimestampTicks} dropped: {dropped.Reason}"));
}
