using DisruptorStream.Emission;
using DisruptorStream.Events;

namespace DisruptorStream.Tests;

/// <summary>Keeps what a processor emits and drops, as text.</summary>
internal sealed class Collector<TKey> : IResultSink<TKey>, IDroppedEventSink<TKey>
{
    public List<string> Results { get; } = [];

    public List<(TKey? Key, DropReason Reason)> Dropped { get; } = [];

    public void OnResults(ResultBatch<TKey> batch)
    {
        foreach (var result in batch)
        {
            var (start, end) = (result.Window.StartTicks, result.Window.EndTicks);
            var values = string.Join(' ', Enumerable.Range(0, result.ValueCount).Select(result.GetDouble));
            Results.Add($"{result.Key} [{start}, {end}) {result.Timing} {values}");
        }
    }

    public void OnDropped(in DroppedEvent<TKey> dropped) => Dropped.Add((dropped.Key, dropped.Reason));
}
