using DisruptorStream.Cli.Tests.Commands;

namespace DisruptorStream.Cli.Tests.State.Emitted;

/// <summary>The test that <c>dstream replay --emit-test</c> writes of a dump, compiled and run by xunit.</summary>
public sealed class EmittedTestTests : IDisposable
{
    /// <summary>
    /// A program that records until a sink of its own fails, or runs the tests that were compiled into it.
    /// </summary>
    private const string Program = """
        using System;
        using System.Threading.Tasks;
        using DisruptorStream;
        using DisruptorStream.Building;
        using DisruptorStream.Durability.Recording;
        using DisruptorStream.Emission;

        public static class Program
        {
            public static async Task<int> Main(string[] args)
            {
                if (args.Length == 0 || args[0] != "record")
                    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
                await using var processor = Pipelines.Calls(limit: 30)
                    .RecordTo(args[1], new FlightRecorderOptions { Slots = 100 })
                    .Build();
                processor.Start();
                for (var minute = 0; ; minute++)
                {
                    // The fault comes behind the first state that is copied, which needs slots that come.
                    var isSlow = minute % 100 == 0 && processor.FlightRecorder!.GetStats().BaseSequence >= 0;
                    var tenant = minute % 2 == 0 ? "acme" : "globex";
                    processor.Publish(tenant, minute * TimeSpan.TicksPerMinute, isSlow ? 40 : minute % 20);
                    if (minute % 50 == 0)
                        await processor.FlushAsync();
                }
            }
        }

        public static class Pipelines
        {
            public static BuildStep<string> Calls(double limit) => StreamProcessorBuilder.ForKeys<string>()
                .TumblingWindows(TimeSpan.FromMinutes(5))
                .Aggregate(a => a.Count("calls").Max("milliseconds"))
                .WithOptions(new StreamProcessorOptions { FutureSkewLimit = null })
                .To(new Alarm(limit));
        }

        internal sealed class Alarm : IResultSink<string>
        {
            private readonly double _limit;

            public Alarm(double limit) => _limit = limit;

            public void OnResults(ResultBatch<string> batch)
            {
                foreach (var result in batch)
                {
                    if (result["milliseconds"] > _limit)
                        throw new InvalidOperationException($"{result.Key} is too slow: number {result.Number}.");
                }
            }
        }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("emitted-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Test_OfADumpOfAFault_FailsForTheSameReasonUntilThatIsMended()
    {
        var program = Path.Combine(_directory, "Program.cs");
        await File.WriteAllTextAsync(program, Program, TestContext.Current.CancellationToken);
        var dumps = Path.Combine(_directory, "dumps");
        var (recorded, fault) = await CompiledProgram.Make(Path.Combine(_directory, "recorded"), program)
            .RunAsync("record", dumps);
        Assert.NotEqual(0, recorded);
        var reason = ReasonOf(fault);
        Assert.Matches("^(acme|globex) is too slow: number [0-9]+\\.$", reason);

        // The slots before the newest state are gone, so the test goes on from that.
        var dump = Assert.Single(Directory.GetDirectories(dumps));
        Assert.NotEmpty(Directory.GetFiles(dump, "snapshot-*.state"));
        var (failed, output) = await EmitAndRunAsync(program, dump, "Faulty", "Pipelines.Calls(limit: 30)");
        Assert.NotEqual(0, failed);
        Assert.Contains("Total: 1, Errors: 0, Failed: 1", output, StringComparison.Ordinal);
        Assert.Contains("Recording_HandledAgain_IsHandledToItsEnd [FAIL]", output, StringComparison.Ordinal);
        Assert.Equal(reason, ReasonOf(output));

        var (passed, calm) = await EmitAndRunAsync(program, dump, "Mended", "Pipelines.Calls(limit: 100)");
        Assert.True(passed == 0, calm);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0", calm, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output)> EmitAndRunAsync(
        string program, string dump, string name, string builder)
    {
        var file = Path.Combine(_directory, $"{name}.cs");
        using var run = new CommandRun();
        Assert.Equal(0, await run.RunAsAsync(["replay", dump, "--emit-test", file, "--builder", builder]));
        return await CompiledProgram.Make(Path.Combine(_directory, name.ToUpperInvariant()), program, file)
            .RunAsync("-noColor");
    }

    /// <summary>What the sink said, in what a process wrote.</summary>
    private static string ReasonOf(string output)
    {
        var end = output.IndexOf(" is too slow: number ", StringComparison.Ordinal);
        Assert.True(end > 0, output);
        var first = output.LastIndexOf(' ', end - 1) + 1;
        return output[first..(output.IndexOf('.', end) + 1)];
    }
}
