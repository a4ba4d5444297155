using System.Globalization;
using System.Text;
using DisruptorStream.Conformance.Cases;

namespace DisruptorStream.Conformance.Running;

/// <summary>Runs a vector and compares what the engine did with what is expected.</summary>
internal static class VectorCheck
{
    /// <summary>Says what differs; null when nothing does.</summary>
    public static async Task<string?> RunAsync(Vector vector, RunSettings settings)
    {
        try
        {
            return vector switch
            {
                WindowVector window => Compare(window, await WindowRunner.RunAsync(window, settings)),
                WatermarkVector watermark => Compare(watermark, await WatermarkRunner.RunAsync(watermark, settings)),
                AssignVector assign => Compare(assign.Expected, await AssignRunner.RunAsync(assign, settings)),
                CalendarVector calendar =>
                    Compare(calendar.Expected, await CalendarRunner.RunAsync(calendar, settings)),
                _ => throw new InvalidDataException($"The vector {vector.Id} has no runner."),
            };
        }
        catch (Exception exception)
        {
            return $"  threw {exception}";
        }
    }

    internal static string? Compare(WindowVector vector, WindowOutcome outcome)
    {
        var left = outcome.Panes.ToList();
        var missing = new List<Pane>();

        // The panes with an index first: one without would take any of theirs.
        foreach (var expected in vector.Expected.OrderBy(pane => pane.Index is null))
        {
            var place = left.FindIndex(pane =>
                pane with { Index = expected.Index } == expected && (expected.Index ?? pane.Index) == pane.Index);
            if (place < 0)
                missing.Add(expected);
            else
                left.RemoveAt(place);
        }

        var text = new StringBuilder();
        foreach (var pane in missing)
            text.AppendLine(CultureInfo.InvariantCulture, $"  missing    {pane}");
        foreach (var pane in left)
            text.AppendLine(CultureInfo.InvariantCulture, $"  unexpected {pane}");
        if (vector.ExpectedDropped is { } dropped && dropped != outcome.Dropped)
            text.AppendLine(CultureInfo.InvariantCulture, $"  dropped {outcome.Dropped}, expected {dropped}");
        return text.Length == 0 ? null : text.ToString();
    }

    private static string? Compare(WatermarkVector vector, IReadOnlyList<CombinedState> states)
    {
        var text = new StringBuilder();
        foreach (var expected in vector.Expected)
        {
            var actual = states[expected.AfterStep];
            if (actual.Watermark != expected.Watermark)
            {
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"  after step {expected.AfterStep}: watermark {Show(actual.Watermark)}, expected "
                    + $"{Show(expected.Watermark)}");
            }

            if (expected.Idle is { } idle && !idle.SequenceEqual(actual.Idle!))
            {
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"  after step {expected.AfterStep}: idle {Show(actual.Idle!)}, expected {Show(idle)}");
            }
        }

        return text.Length == 0 ? null : text.ToString();
    }

    private static string? Compare(
        IReadOnlyList<(long Start, long End)> expected, IReadOnlyList<(long Start, long End)> windows) =>
        windows.SequenceEqual(expected)
            ? null
            : $"  windows {string.Join(" ", windows)}, expected {string.Join(" ", expected)}";

    private static string Show(long? watermark) => watermark?.ToString(CultureInfo.InvariantCulture) ?? "none";

    private static string Show(IReadOnlyList<string> names) => $"[{string.Join(", ", names)}]";
}
