using CsCheck;
using DisruptorStream.Tests.Streams.Cases;

namespace DisruptorStream.Tests.Streams;

/// <summary>Each query of a stream gives what a processor gives that has it alone.</summary>
public sealed class StreamsEqualProcessorsTests
{
    /// <summary>Whatever the queries, the events, the threads and the ways in.</summary>
    [Fact]
    public async Task Results_AnyQueriesAndEvents_EqualThoseOfProcessors()
    {
        var lines = 0L;
        await Gen.Select(RandomCases.Streams, RandomCases.Ways, RandomCases.Ways).SampleAsync(
            async (one, first, second) =>
            {
                var expected = await StreamRun.AloneAsync(one);
                Interlocked.Add(ref lines, expected.Sum(query => query.Count));
                Differences.Check(one, expected, first, await StreamRun.StreamAsync(one, first));
                Differences.Check(one, expected, second, await StreamRun.StreamAsync(one, second));
            },
            iter: 400);
        Assert.True(lines > 400 * 20, $"Only {lines} lines were compared.");
    }

    /// <summary>After each step, or now and then, it is saved, and another one goes on, on other threads.</summary>
    [Fact]
    public async Task Results_SavedAndLoadedOnTheWay_EqualThoseOfProcessors() =>
        await Gen.Select(
            RandomCases.Streams,
            RandomCases.Ways,
            RandomCases.Modes,
            Gen.OneOf(Gen.Const(1), Gen.Int[2, 20]),
            (one, way, further, steps) => (one, way with { StepsPerRestart = steps, Further = further })).SampleAsync(
            async (one, way) => Differences.Check(
                one, await StreamRun.AloneAsync(one), way, await StreamRun.StreamAsync(one, way)),
            iter: 60);
}
