using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal.Writing;

namespace DisruptorStream.Tests.Durability.Journal;

public sealed class SpareSegmentsTests : IDisposable
{
    private const int SegmentBytes = 1 << 20;

    private readonly string _directory = Directory.CreateTempSubdirectory("spares-").FullName;
    private readonly FailingFiles _disk = new();

    /// <summary>
    /// One that is made ahead is filled or reserved, as was said; one that somebody waits for is reserved.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_RoomIsReservedOrFilled_ReadsAsZeros(bool reserves)
    {
        using (var probe = FileSystems.Default.Create(Path.Combine(_directory, "probe")))
            Assert.SkipUnless(probe.TryReserve(1), "The file system here reserves nothing.");
        var spares = new SpareSegments(_disk, _directory, SegmentBytes, wanted: 1, reserves);
        var writes = 0;
        _disk.Fails = (call, _) =>
        {
            writes += call == "write" ? 1 : 0;
            return false;
        };

        Assert.True(spares.Step());
        Assert.Equal(reserves, writes == 0);
        AssertZeros(spares.TryTake()!);

        writes = 0;
        AssertZeros(spares.Make(SegmentBytes));
        Assert.Equal(0, writes);
    }

    [Fact]
    public void Step_TheDiskHasNoRoomToReserve_IsToldAndLeavesNothing()
    {
        var spares = new SpareSegments(_disk, _directory, SegmentBytes, wanted: 1, reserves: true);
        _disk.Fails = (call, _) => call == "reserve";

        Assert.False(spares.Step());
        Assert.Contains("reserve", spares.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory));
    }

    /// <summary>Where the file system cannot reserve, the file is filled.</summary>
    [Fact]
    public void Make_NothingCanBeReserved_IsFilled()
    {
        var files = new MemoryFiles();
        var spares = new SpareSegments(files, JournalBench.Directory, SegmentBytes, wanted: 1, reserves: true);

        Assert.Equal(new byte[SegmentBytes], files.Bytes(spares.Make(SegmentBytes)));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static void AssertZeros(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Assert.Equal(SegmentBytes, bytes.Length);
        Assert.False(bytes.AsSpan().ContainsAnyExcept((byte)0));
    }
}
