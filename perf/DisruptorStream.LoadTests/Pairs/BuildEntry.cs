using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Queries;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Pairs;

/// <summary>The one place that another build's <c>pairs</c> calls into.</summary>
/// <remarks>
/// It is found by its name and its signature, in builds of any age: a build whose entry looks different counts as one
/// without an entry. So it stays as it is, and only types of the runtime cross it, which all builds share.
/// </remarks>
internal static class BuildEntry
{
    /// <summary>Makes the events of a workload.</summary>
    /// <param name="work">The workload's name, or a public benchmark's query.</param>
    /// <param name="mode">An execution mode's name.</param>
    /// <param name="events">How many.</param>
    /// <returns>What runs it once; null when this build has no such workload or mode.</returns>
    public static Func<(double Seconds, long Events, long Results, ulong Digest, long AllocatedBytes)>? Prepare(
        string work, string mode, int events)
    {
        if (!Enum.TryParse<ExecutionMode>(mode, out var parsed))
            return null;
        if (Workload.Find(work) is { } known)
        {
            var run = new EngineRun(known, known.Generate(events), parsed);
            return () => Describe(run.Run());
        }

        if (!Query.IsKnown(work))
            return null;
        var query = Query.Create(work, events);
        return () => Describe(query.RunEngine(parsed));
    }

    private static (double Seconds, long Events, long Results, ulong Digest, long AllocatedBytes) Describe(Lap lap) =>
        (lap.Elapsed.TotalSeconds, lap.Events, lap.Results, lap.Digest, lap.AllocatedBytes);
}
