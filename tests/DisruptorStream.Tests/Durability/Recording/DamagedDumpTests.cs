using DisruptorStream.Building.Replays;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Durability.Recording;

/// <summary>Dumps that lost bytes: read as far as they are whole, or refused, never read as something else.</summary>
public sealed class DamagedDumpTests : IDisposable
{
    private const int Stride = 3;

    private readonly string _directory = Directory.CreateTempSubdirectory("damaged-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_ASmallDumpWithADamage_GivesABeginningOrIsRefused(bool isCut)
    {
        var (dump, whole) = await DumpAsync();
        foreach (var path in Directory.GetFiles(dump.Directory))
        {
            var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            var used = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
            for (var at = 0; at < used; at += Stride)
            {
                var damaged = isCut ? bytes[..at] : (byte[])bytes.Clone();
                if (!isCut)
                    damaged[at] ^= 0x41;
                await File.WriteAllBytesAsync(path, damaged, TestContext.Current.CancellationToken);
                AssertBeginningOrRefused(dump, whole, $"{Path.GetFileName(path)} at {at} of {used}");
            }

            await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Run_UntilBeforeAndBehindAll_EndsThere()
    {
        var (dump, _) = await DumpAsync();

        var first = Replay.Run(
            dump.Directory, Recordings.Step(ExecutionMode.Inline), new ReplayOptions { Until = 0 });
        var last = Replay.Run(
            dump.Directory, Recordings.Step(ExecutionMode.Inline), new ReplayOptions { Until = long.MaxValue });

        Assert.Equal(0, first.LastSequence);
        Assert.Equal(dump.LastSequence, last.LastSequence);
    }

    private static void AssertBeginningOrRefused(FlightDump dump, List<string> whole, string damage)
    {
        var again = new CollectingSink<string>();
        try
        {
            Replay.Run(dump.Directory, Recordings.Step(ExecutionMode.Inline).To(again));
        }
        catch (StreamProcessorException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
        catch (Exception other)
        {
            Assert.Fail($"{damage}: {other}");
        }

        var lines = Recordings.LinesOf(again);
        Assert.True(lines.SequenceEqual(whole.Take(lines.Count)), $"{damage}: other results.");
    }

    private async Task<(FlightDump Dump, List<string> Whole)> DumpAsync()
    {
        var whole = new CollectingSink<string>();
        await using var processor = Recordings.Step(ExecutionMode.Inline).To(whole)
            .RecordTo(Path.Combine(_directory, "dumps")).Build();
        Recordings.Publish(processor, 0, 120);
        return (processor.FlightRecorder!.Dump(), Recordings.LinesOf(whole));
    }
}
