using System.Globalization;
using System.Text;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Tests.Files;
using DisruptorStream.Cli.Tests.Input;

namespace DisruptorStream.Cli.Tests.Jobs;

/// <summary>What ends a job before its inputs do.</summary>
public sealed class JobEndTests
{
    private const int TimeoutMilliseconds = 60_000;
    private const int Keys = 100_000;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task RunAsync_CancelledDuringALargeFiring_EndsInTheMidstOfIt()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var output = new FailingOutput(end.Cancel);
        var text = new StringBuilder("time,k\n");
        for (var key = 0; key < Keys; key++)
            text.Append(CultureInfo.InvariantCulture, $"1,{key}\n");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => RunAsync(text.ToString(), output, ["k"], end.Token));

        var rows = Encoding.UTF8.GetString(output.ToArray()).Count(one => one == '\n');
        Assert.InRange(rows, 1, Keys / 10);
        Assert.Equal(1, output.Writes);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task RunAsync_TheOutputFailsWhileTheInputIsSilent_EndsAndSaysWhy()
    {
        await using var output = new FailingOutput(() => throw new IOException("full"));

        var exception = await Assert.ThrowsAnyAsync<StreamProcessorException>(
            () => RunAsync("time\n1\n5\n", output, [], TestContext.Current.CancellationToken));

        Assert.Contains("full", exception.ToString(), StringComparison.Ordinal);
    }

    private static async Task RunAsync(string text, Stream output, string[] keys, CancellationToken end) =>
        await StreamJob.RunAsync(
            Job.Settings("tumbling:1s", "count", keys: keys),
            keys is []
                ? [new JobInput("in", new SilentStream(Encoding.UTF8.GetBytes(text)))]
                : [new JobInput("in", new MemoryStream(Encoding.UTF8.GetBytes(text)))],
            output,
            null,
            TextWriter.Null,
            new JobProgress(),
            end);
}
