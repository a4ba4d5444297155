using DisruptorStream.Conformance.Cases;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;

namespace DisruptorStream.Conformance.Running;

/// <summary>Results as the vectors write them.</summary>
internal static class Panes
{
    /// <summary>Takes what has come into a sink, as the panes of the step that brought them forth.</summary>
    /// <exception cref="InvalidOperationException">A window failed.</exception>
    public static IReadOnlyList<Pane> TakeFrom(CollectingSink<string> sink, int step)
    {
        var results = sink.Results;
        sink.Clear();
        return [.. results.Select(result => Of(result, step))];
    }

    public static string NameOf(PaneTiming timing) => timing switch
    {
        PaneTiming.Early => "early",
        PaneTiming.OnTime => "on_time",
        PaneTiming.Late => "late",
        _ => "retract",
    };

    private static Pane Of(WindowResult<string> result, int step) => result.IsFailed
        ? throw new InvalidOperationException($"The window {result} failed.", result.Failure)
        : new Pane(
            step,
            result.Key,
            result.Window.StartTicks,
            result.Window.EndTicks,
            (long)result.GetDouble("count"),
            result.IsNull("sum") ? null : result.GetInt64("sum"),
            NameOf(result.Timing),
            result.PaneIndex,
            result.IsFilled);
}
