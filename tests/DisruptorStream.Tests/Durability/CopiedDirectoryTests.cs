using DisruptorStream.Emission;
using DisruptorStream.Emission.Files;

namespace DisruptorStream.Tests.Durability;

/// <summary>A directory that was copied, and two processors that write to one target.</summary>
public sealed class CopiedDirectoryTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("copied-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Csv => Path.Combine(_directory, "results.csv");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>They count alike, and so what each writes fits behind what the other one wrote.</summary>
    [Fact]
    public async Task Build_ACopyWhileItsOwnerRuns_OneOfTheTwoIsRefused()
    {
        await using (var first = Build("state"))
        {
            first.Publish("a", 0, 1);
            await first.StopAsync(StopMode.Suspend, Token);
        }

        Directory.CreateDirectory(Path.Combine(_directory, "copy"));
        foreach (var path in Directory.GetFiles(Path.Combine(_directory, "state")))
            File.Copy(path, Path.Combine(_directory, "copy", Path.GetFileName(path)));

        // What is written in turn is the same row here and there.
        await using var owner = Build("state");
        var refused = await Record.ExceptionAsync(async () =>
        {
            await using var copy = Build("copy");
            for (var time = 1; time < 4; time++)
            {
                await PublishAsync(time % 2 == 0 ? owner : copy, time);
                await PublishAsync(time % 2 == 0 ? copy : owner, time);
            }
        });

        Assert.Contains("belongs to epoch", refused?.ToString() ?? "", StringComparison.Ordinal);
    }

    private static async Task PublishAsync(StreamProcessor<string> processor, int time)
    {
        processor.Publish("a", time, 1);
        await processor.FlushAsync(Token);
    }

    private StreamProcessor<string> Build(string state) =>
        Processors.Tumbling(1).Counting(ExecutionMode.Inline)
            .To(new FileSink<string>(Csv), new() { FailurePolicy = Retrying })
            .DurableIn(Path.Combine(_directory, state))
            .Build();

    private static SinkFailurePolicy Retrying => SinkFailurePolicy.Retry(1, TimeSpan.Zero);
}
