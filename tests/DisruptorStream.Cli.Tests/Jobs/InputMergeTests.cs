using System.Text;
using CsCheck;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Tests.Input;

namespace DisruptorStream.Cli.Tests.Jobs;

/// <summary>The same inputs give the same results, however their bytes come.</summary>
public sealed class InputMergeTests
{
    private const int WindowSeconds = 10;

    private static readonly Gen<int[]> Times = Gen.Int[0, 400].Array[0, 60];

    [Fact]
    public void RunAsync_AnyChunks_GivesTheSameResultsAndDrops() => Gen.Select(
        Times.Array[1, 4], Gen.Int[0, 60], Gen.Int, Gen.Int[1, 200]).Sample(
        (inputs, disorder, seed, mostBytes) =>
        {
            var whole = Run(inputs, disorder, (bytes, _) => new MemoryStream(bytes));
            var chunks = Run(inputs, disorder, (bytes, index) => new UnevenStream(bytes, seed + index, mostBytes));
            var withEmpty = Run([[], .. inputs, []], disorder, (bytes, _) => new MemoryStream(bytes));

            Assert.Equal(
                MergedReplay.CountLate(inputs, WindowSeconds, disorder), (int)whole.Summary.Stats.LateDropped);
            Assert.Equal(whole.Output, chunks.Output);
            Assert.Equal(whole.Late, chunks.Late);
            Assert.Equal(whole.Output, withEmpty.Output);
            Assert.Equal(whole.Late, withEmpty.Late);
        },
        iter: 100);

    [Fact]
    public async Task RunAsync_AnInputThatHasEnded_HoldsNothingBackFromThere()
    {
        // The short one is over before 30 of the long one is taken, so that 5 comes too late.
        var job = await Job.RunAsync(
            Job.Settings("tumbling:10s", "count"), "time\n1\n", "time\n2\n30\n5\n40\n");

        Assert.Equal(1, job.Summary.Stats.LateDropped);
        Assert.Equal(["time,reason", "1970-01-01T00:00:05Z,Late"], job.Late);
    }

    private static Job Run(int[][] inputs, int disorder, Func<byte[], int, Stream> open)
    {
        var settings = Job.Settings("tumbling:10s", "count") with
        {
            OutOfOrderness = TimeSpan.FromSeconds(disorder),
        };
        JobInput[] opened =
        [
            .. inputs.Select((times, index) => new JobInput($"input {index}", open(TextOf(times), index))),
        ];
        return Job.RunAsync(settings, opened).GetAwaiter().GetResult();
    }

    private static byte[] TextOf(int[] times) =>
        Encoding.UTF8.GetBytes("time\n" + string.Concat(times.Select(time => $"{time}\n")));
}
