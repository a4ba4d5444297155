using CsCheck;
using DisruptorStream.Building.Streams;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Durability.Plans;

/// <summary>Whatever the two plans are: what a comparison says is what a start does.</summary>
public sealed class RandomPlanChangeTests
{
    private const int Events = 40;
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly string[] Metrics = ["n", "sum", "most", "values", "median", "weight"];

    private static readonly Gen<Query> AnyQuery = Gen.Select(
        Gen.Frequency((4, Gen.Const(0)), (1, Gen.Const(1))),
        Gen.Frequency((6, Gen.Const(100)), (1, Gen.Const(70))),
        Gen.Int[1, (1 << 6) - 1],
        Gen.Frequency((5, Gen.Const(0)), (1, Gen.Const(30))),
        static (key, size, metrics, lateness) => new Query(key, size, metrics, lateness));

    private static readonly Gen<Query?[]> AnyPlan = Gen
        .OneOf(AnyQuery.Select(static query => (Query?)query), Gen.Const((Query?)null))
        .Array[Names.Length].Where(static queries => queries.Any(query => query is not null));

    [Fact]
    public void Build_AnyTwoPlans_DoesWhatTheComparisonSays() =>
        Gen.Select(AnyPlan, AnyPlan, Gen.Bool, Gen.Bool, Gen.Int[0, 1_000_000]).Sample(
            (before, after, crashes, applies, seed) => Run(before, after, crashes, applies, seed),
            iter: 60,
            threads: 1);

    private static void Run(Query?[] before, Query?[] after, bool crashes, bool applies, int seed)
    {
        var directory = Directory.CreateTempSubdirectory("plans-").FullName;
        try
        {
            var policy = applies ? PlanChangePolicy.Apply : PlanChangePolicy.Refuse;
            var events = EventsOf(seed);
            var stop = crashes ? StopMode.Abort : StopMode.Suspend;
            var first = Play(StepOf(before).In(directory), events[..Events], stop);
            var comparison = StatePlan.Compare(directory, StepOf(after).ToStatePlan());
            if (comparison.WhyRefused(policy) is { } why)
            {
                var refused = Assert.Throws<DurabilityException>(() => StepOf(after).In(directory, policy).Build());
                Assert.EndsWith(why, refused.Message, StringComparison.Ordinal);
                return;
            }

            if (crashes)
            {
                // What a crash leaves is another property's business: here it is enough that a start goes on.
                Play(StepOf(after).In(directory, policy), events[Events..], StopMode.Complete);
                return;
            }

            var changed = Play(StepOf(after).In(directory, policy), events[Events..], StopMode.Complete);
            var whole = Play(StepOf(after), events, StopMode.Complete);
            foreach (var part in comparison.Parts.Where(part => part.Kind == PlanPartKind.Query))
                Check(part, comparison, first, changed, whole);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>
    /// A query that is kept goes on with its numbers, and gives what it would have given without an end; one that is
    /// started empty begins with number 1.
    /// </summary>
    private static void Check(
        PlanPart query,
        PlanComparison comparison,
        Dictionary<string, List<WindowResult<string>>> first,
        Dictionary<string, List<WindowResult<string>>> changed,
        Dictionary<string, List<WindowResult<string>>> whole)
    {
        if (query.Outcome == PlanOutcome.Dropped)
        {
            Assert.DoesNotContain(query.Name, changed.Keys);
            return;
        }

        var results = changed[query.Name];
        var isKept = query.Outcome == PlanOutcome.Kept;
        var done = isKept ? first[query.Name].Count : 0;
        Assert.Equal(
            Enumerable.Range(done + 1, results.Count).Select(number => (long)number),
            results.Select(result => result.Number));
        if (!isKept || comparison.Options.Count > 0)
            return;
        var kept = comparison.Parts.Where(part => part.Query == query.Name && part.Outcome == PlanOutcome.Kept);
        var expected = whole[query.Name].Skip(done).ToList();
        Assert.Equal(expected.Count, results.Count);
        foreach (var metric in kept.Where(part => part.Kind == PlanPartKind.Metric))
        {
            Assert.Equal(
                expected.Select(result => $"{result.Key} {result.Window} {Text(result, metric.Name)}"),
                results.Select(result => $"{result.Key} {result.Window} {Text(result, metric.Name)}"));
        }
    }

    private static string Text(WindowResult<string> result, string metric) =>
        metric is "sum" or "most" or "median" ? $"{result[metric]:R}" : $"{result.GetInt64(metric)}";

    private static Dictionary<string, List<WindowResult<string>>> Play(
        StreamStep<Reading> step, Reading[] events, StopMode stop)
    {
        var stream = step.Build();
        try
        {
            foreach (var reading in events)
                stream.Publish(reading);
            var token = TestContext.Current.CancellationToken;
            stream.Durability?.WhenDurableAsync(token).GetAwaiter().GetResult();
            stream.StopAsync(stop, token).GetAwaiter().GetResult();
            return step.Queries.ToDictionary(name => name, name => stream.ResultsOf<string>(name));
        }
        finally
        {
            stream.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>In order, whole values, so that sums do not depend on how they were added.</summary>
    private static Reading[] EventsOf(int seed)
    {
        var random = new Random(seed);
        var ticks = 0L;
        var events = new Reading[2 * Events];
        for (var index = 0; index < events.Length; index++)
        {
            ticks += random.Next(12);
            events[index] = new Reading(
                ticks, $"site{random.Next(2)}", $"device{random.Next(3)}", random.Next(50), random.Next(9));
        }

        return events;
    }

    private static StreamStep<Reading> StepOf(Query?[] queries)
    {
        var events = Meter.Events();
        var step = default(StreamStep<Reading>);
        for (var place = 0; place < queries.Length; place++)
        {
            if (queries[place] is not { } query)
                continue;
            var describe = query.Describe;
            step = step is null ? events.Query(Names[place], describe) : step.Query(Names[place], describe);
        }

        return step!.Set();
    }

    private sealed record Query(int Key, int Size, int Mask, int Lateness)
    {
        public QueryOutputStep<Reading, string> Describe(QueryStep<Reading> query) => query
            .By(Key == 0 ? "site" : "device")
            .TumblingWindows(TimeSpan.FromTicks(Size))
            .AllowedLateness(TimeSpan.FromTicks(Lateness))
            .Aggregate(a =>
            {
                for (var metric = 0; metric < Metrics.Length; metric++)
                {
                    if ((Mask >> metric & 1) == 0)
                        continue;
                    a = metric switch
                    {
                        0 => a.Count(Metrics[metric]),
                        1 => a.Sum(Metrics[metric], "value"),
                        2 => a.Max(Metrics[metric], "value"),
                        3 => a.Distinct(Metrics[metric], "value"),
                        4 => a.Percentile(Metrics[metric], 50, "value"),
                        _ => a.Sum(Metrics[metric], "weight"),
                    };
                }
            });
    }
}
