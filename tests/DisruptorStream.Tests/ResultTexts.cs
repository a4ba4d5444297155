using DisruptorStream.Emission;
using DisruptorStream.Events;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests;

/// <summary>Results as short texts, which a test can hold against those that it expects.</summary>
internal static class ResultTexts
{
    /// <summary>A text for each result so far: key, window, timing and values.</summary>
    public static IReadOnlyList<string> Texts<TKey>(this CollectingSink<TKey> sink) =>
        [.. sink.Results.Select(TextOf)];

    /// <summary>The key and the reason of each dropped event so far.</summary>
    public static IReadOnlyList<(TKey? Key, DropReason Reason)> Reasons<TKey>(
        this CollectingDroppedEventSink<TKey> sink) =>
        [.. sink.Dropped.Select(dropped => (dropped.Key, dropped.Reason))];

    private static string TextOf<TKey>(WindowResult<TKey> result)
    {
        var (start, end) = (result.Window.StartTicks, result.Window.EndTicks);
        var values = string.Join(' ', Enumerable.Range(0, result.ValueCount).Select(result.GetDouble));
        return $"{result.Key} [{start}, {end}) {result.Timing} {values}";
    }
}
