using DisruptorStream.LoadTests.Limits;
using DisruptorStream.LoadTests.Limits.Sessions;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>The loops that a workload is measured against.</summary>
internal static class LimitRun
{
    private const int BatchEvents = 8192;

    /// <summary>Each by its name. The first is the one whose results are compared with.</summary>
    public static IReadOnlyList<(string Name, Func<Limit> New)> Of(Workload work) => work.Name switch
    {
        "W1" =>
        [
            ("vector", () => new VectorLimit(work)),
            ("every timestamp", () => new CheckedLimit(work)),
            ("dense", () => new DenseLimit(work)),
            ("hash", () => new HashLimit(work)),
            ("dictionary", () => new DictionaryLimit(work)),
        ],
        "W2" => [("panes", () => new PanesLimit(work)), ("two stacks", () => new TwoStacksLimit(work))],
        "W2-3600" => [("two stacks", () => new TwoStacksLimit(work))],
        "W3" => [("registers", () => new OneKeyLimit(work)), ("dense", () => new DenseLimit(work))],
        "W4" or "W4-1M" => [("sessions", () => new SessionsLimit(work))],
        "W4-late" => [("sessions kept for the late", () => new LateSessionsLimit(work))],
        "W4-p95" => [("sorting", () => new SortedSessionsLimit(work))],
        "W5" => [("sorting", () => new SortingLimit(work))],
        "W6" => [("vector", () => new VectorLimit(work)), ("prefetching", () => new PrefetchLimit(work))],
        "W1-disorder" => [("dictionary of all windows", () => new ReferenceLimit(work))],
        "W1-measures" => [("dense", () => new MeasuresLimit(work))],
        _ => [("vector", () => new VectorLimit(work))],
    };

    public static Lap Run(Func<Limit> create, InputEvent[] input)
    {
        using var limit = create();
        return Lap.Of(
            input.Length,
            () =>
            {
                for (var at = 0; at < input.Length; at += BatchEvents)
                    limit.Process(input.AsSpan(at, Math.Min(BatchEvents, input.Length - at)));
                limit.Finish();
            },
            () => (limit.Digest.Results, limit.Digest.Sum));
    }
}
