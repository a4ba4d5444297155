using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Files;
using DisruptorStream.Simulation.Disks;

namespace DisruptorStream.Tests.Emission.Files;

/// <summary>Files on a disk that loses at a power cut all that was not synced, names included.</summary>
public sealed class FileSinkDiskTests
{
    private const int Seeds = 40;
    private const string Csv = "/results/calls.csv";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What a write has stored stays, wherever a process was killed that made the files.</summary>
    [Fact]
    public async Task Write_AfterAProcessThatWasKilledAtAnyCall_OutlastsAPowerCut()
    {
        var calls = await CallsOfAnOpeningAsync();
        for (var call = 1L; call <= calls; call++)
        {
            for (var seed = 0; seed < Seeds; seed++)
            {
                var disk = new SimulatedDisk(seed);
                disk.CrashAt(call, (CrashMoment)(seed % 3));
                await Assert.ThrowsAsync<SimulatedCrashException>(
                    () => Sink(disk).OpenAsync(Owner(1), Token).AsTask());
                disk.CrashProcess();

                await WriteAsync(disk, rows: 3);
                disk.Crash();

                await HasAsync(3, disk, $"killed in call {call}, seed {seed}");
            }
        }
    }

    /// <summary>A file without a row that somebody has taken away while the sink is open is made again.</summary>
    [Fact]
    public async Task Write_TheEmptyFileWasTakenAway_OutlastsAPowerCut()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var disk = new SimulatedDisk(seed);
            var sink = await StartedAsync(disk);
            disk.Delete(Csv);
            disk.SyncDirectory(Path.GetDirectoryName(Csv)!);

            await sink.WriteAsync(Batch(3), Token);
            disk.Crash();

            await HasAsync(3, disk, $"seed {seed}");
        }
    }

    private static async Task<long> CallsOfAnOpeningAsync()
    {
        var disk = new SimulatedDisk();
        await Sink(disk).OpenAsync(Owner(1), Token);
        return disk.Operations;
    }

    private static FileSink<string> Sink(SimulatedDisk disk) => new(Csv) { Files = disk };

    private static async Task<FileSink<string>> StartedAsync(SimulatedDisk disk)
    {
        var sink = Sink(disk);
        await sink.OpenAsync(Owner(1), Token);
        await sink.StartAsync(new SinkContext { ProcessorName = "p", Schema = Rows.CountAndSum }, Token);
        return sink;
    }

    private static async Task WriteAsync(SimulatedDisk disk, int rows)
    {
        var sink = await StartedAsync(disk);
        await sink.WriteAsync(Batch(rows), Token);
        await sink.CompleteAsync(null);
    }

    private static async Task HasAsync(int rows, SimulatedDisk disk, string what)
    {
        var held = await Record.ExceptionAsync(
            async () => Assert.Equal(rows, await Sink(disk).OpenAsync(Owner(2), Token)));
        Assert.True(held is null, $"{what}: {held?.Message}");
        var lines = System.Text.Encoding.UTF8.GetString(disk.BytesOf(Csv)).Split('\n');
        Assert.Equal(1 + rows, lines.Count(line => line.Length > 0));
    }

    private static WindowResult<string>[] Batch(int rows)
    {
        var batch = Rows.Owned(rows);
        batch.NumberFrom(1);
        return [.. batch];
    }

    private static DurableSinkOwner Owner(long epoch) => new()
    {
        ProcessorName = "p",
        QueryName = "calls",
        Epoch = epoch,
        StreamId = new string('a', 32),
        PlanFingerprint = "f",
    };
}
