using System.Buffers.Binary;
using DisruptorStream.Building.Replays;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Durability.Recording;

/// <summary>
/// Dumps that lost bytes: given whole, or refused, or, where bytes are others, as far as they are whole; never read as
/// something else.
/// </summary>
public sealed class DamagedDumpTests : IDisposable
{
    private const int FlipStride = 3;

    private readonly string _directory = Directory.CreateTempSubdirectory("damaged-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_ASmallDumpWithADamage_GivesTheSameOrIsRefused(bool isCut)
    {
        var (dump, whole) = await DumpAsync();
        foreach (var path in Directory.GetFiles(dump.Directory))
        {
            var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            var used = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
            for (var at = 0; at < used; at += isCut ? 1 : FlipStride)
            {
                var damaged = isCut ? bytes[..at] : (byte[])bytes.Clone();
                if (!isCut)
                    damaged[at] ^= 0x41;
                await File.WriteAllBytesAsync(path, damaged, TestContext.Current.CancellationToken);
                AssertRightOrRefused(dump, whole, isCut, $"{Path.GetFileName(path)} at {at} of {used}");
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

    /// <summary>Each file of another release is refused with its name, and what is before it stays as it was.</summary>
    [Theory]
    [InlineData("*1.journal", 16, 2, "newer release: its format has version 2, not 1")]
    [InlineData("*1.journal", 16, 0, "a number in its header is out of its range")]
    [InlineData("*2.journal", 16, 2, "newer release: its format has version 2, not 1")]
    public async Task Run_AnotherVersion_IsRefused(string file, int offset, int version, string why)
    {
        var (dump, _) = await DumpAsync();
        var path = Directory.GetFiles(dump.Directory, file).Single();
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), version);
        BinaryPrimitives.WriteUInt64LittleEndian(
            bytes, JournalFormat.Hash(bytes.AsSpan(JournalFormat.HashBytes..JournalFormat.SegmentHeaderBytes)));
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);

        var refused = Assert.Throws<DurabilityException>(
            () => Replay.Run(dump.Directory, Recordings.Step(ExecutionMode.Inline)));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A file of no use is no reason to say that nothing was recorded.</summary>
    [Fact]
    public async Task Run_TheFileOfTheSlotsIsEmpty_SaysThatItIsDamaged()
    {
        var (dump, _) = await DumpAsync();
        var path = Directory.GetFiles(dump.Directory, "*1.journal").Single();
        await File.WriteAllBytesAsync(path, [], TestContext.Current.CancellationToken);

        var refused = Assert.Throws<DurabilityException>(
            () => Replay.Run(dump.Directory, Recordings.Step(ExecutionMode.Inline)));

        Assert.Contains("it ends inside its header", refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Throws<DurabilityException>(() => StatePlan.In(dump.Directory));
    }

    private static void AssertRightOrRefused(FlightDump dump, List<string> whole, bool isAll, string damage)
    {
        var again = new CollectingSink<string>();
        var isRefused = false;
        try
        {
            Replay.Run(dump.Directory, Recordings.Step(ExecutionMode.Inline).To(again));
        }
        catch (StreamProcessorException refused)
        {
            isRefused = true;
            Assert.Contains(dump.Directory, refused.Message, StringComparison.Ordinal);
        }
        catch (Exception other)
        {
            Assert.Fail($"{damage}: {other}");
        }

        var lines = Recordings.LinesOf(again);
        Assert.True(lines.SequenceEqual(whole.Take(lines.Count)), $"{damage}: other results.");
        Assert.True(isRefused || !isAll || lines.Count == whole.Count, $"{damage}: results are missing.");
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
