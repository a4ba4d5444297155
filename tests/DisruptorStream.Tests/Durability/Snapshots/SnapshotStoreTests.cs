using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Saving;
using DisruptorStream.Simulation.Disks;
using DisruptorStream.Simulation.Rounds;
using MadeUp = DisruptorStream.Simulation.Rounds.Snapshots;

namespace DisruptorStream.Tests.Durability.Snapshots;

public sealed class SnapshotStoreTests
{
    private const string Folder = "/state";

    [Fact]
    public void Write_OneSnapshot_IsListedAndReadBack()
    {
        var (disk, store) = Make();
        MadeUp.Write(store, 42);

        Assert.Equal(["snapshot-00000000000000000042.state"], disk.List(Folder));
        var entry = Assert.Single(store.List());
        Assert.True(entry.IsValid, entry.Problem);
        Assert.Equal(disk.BytesOf($"{Folder}/{entry.Name}").Length, entry.LengthBytes);
        MadeUp.Check(store, 42);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256 * 1024)]
    [InlineData((256 * 1024) + 1)]
    [InlineData(700_000)]
    public void Write_ContentOfAnyLength_IsReadBack(int length)
    {
        var (_, store) = Make();
        var content = new byte[length];
        new Random(1).NextBytes(content);
        store.Write(MadeUp.InfoOf(1), stream =>
        {
            stream.Write(content.AsSpan(0, length / 3));
            stream.Flush();
            stream.Write(content.AsSpan(length / 3));
        });

        using var read = store.Open(1, out _);
        Assert.Equal(length, read.Length);
        var bytes = new byte[length + 1];
        Assert.Equal(length, read.ReadAtLeast(bytes, length + 1, throwOnEndOfStream: false));
        Assert.Equal(content, bytes[..length]);
        read.Seek(-length, SeekOrigin.End);
        Assert.Equal(0, read.Position);
    }

    [Fact]
    public void Write_OnTheRealFileSystem_IsReadBack()
    {
        var folder = Directory.CreateTempSubdirectory("snapshots").FullName;
        try
        {
            var store = new SnapshotStore(FileSystems.Default, folder);
            MadeUp.Write(store, 1);
            MadeUp.Write(store, 2);
            File.WriteAllText(Path.Combine(folder, "snapshot-00000000000000000003.state.tmp"), "half");
            File.WriteAllText(Path.Combine(folder, "journal-1"), "another's");
            var pruning = store.Prune(1, []);

            Assert.Equal(2, pruning.DeletedFiles);
            Assert.Equal(2, pruning.OldestSequence);
            MadeUp.Check(store, 2);
            Assert.True(File.Exists(Path.Combine(folder, "journal-1")));
            Assert.Equal(2, Directory.GetFiles(folder).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Write_SameSequence_TakesThePlaceOfTheOld()
    {
        var (_, store) = Make();
        store.Write(MadeUp.InfoOf(3), stream => stream.Write("old"u8));
        MadeUp.Write(store, 3);

        Assert.Single(store.List());
        MadeUp.Check(store, 3);
    }

    [Fact]
    public void Write_ContentThrows_LeavesNothing()
    {
        var (disk, store) = Make();
        Assert.Throws<InvalidOperationException>(() => store.Write(MadeUp.InfoOf(3), stream =>
        {
            stream.Write(new byte[100]);
            throw new InvalidOperationException("the caller's");
        }));

        Assert.Empty(disk.List(Folder));
    }

    /// <summary>Whatever is thrown away, the stream does not go on after a write that failed.</summary>
    [Fact]
    public void Write_ContentHidesAnError_Throws()
    {
        var (disk, store) = Make();
        disk.Faults.Fail(DiskOperation.Write, DiskFault.Error);
        Assert.Throws<IOException>(() => store.Write(MadeUp.InfoOf(3), stream =>
        {
            try
            {
                stream.Write(new byte[300_000]);
            }
            catch (IOException)
            {
                // Hidden.
            }
        }));

        Assert.Empty(disk.List(Folder));
    }

    [Fact]
    public void Write_DiskFull_IsToldAndLeavesTheOldOnes()
    {
        var (disk, store) = Make();
        MadeUp.Write(store, 1);
        disk.Faults.BudgetBytes = disk.BytesOf(PathOf(1)).Length + 8192;
        var error = Assert.Throws<IOException>(
            () => store.Write(MadeUp.InfoOf(2), stream => stream.Write(new byte[300_000])));

        Assert.True(FileErrors.IsDiskFull(error));
        MadeUp.Check(store, 1);
        Assert.Single(disk.List(Folder));
    }

    [Fact]
    public void Write_SequenceBelowZero_IsRefused()
    {
        var (_, store) = Make();

        Assert.Throws<ArgumentOutOfRangeException>(
            () => store.Write(MadeUp.InfoOf(1) with { Sequence = -1 }, _ => { }));
    }

    [Fact]
    public void List_EachBitFlipped_IsFound()
    {
        var (disk, store) = Make();
        store.Write(MadeUp.InfoOf(5), stream => stream.Write(new byte[100]));
        var bits = disk.BytesOf(PathOf(5)).Length * 8;
        for (var bit = 0; bit < bits; bit++)
        {
            disk.Flip(PathOf(5), bit);
            var entry = Assert.Single(store.List());
            Assert.False(entry.IsValid, $"Bit {bit} was flipped, and nobody saw it.");
            Assert.Throws<StateException>(() => store.Open(5, out _));
            disk.Flip(PathOf(5), bit);
        }

        Assert.True(Assert.Single(store.List()).IsValid);
    }

    [Fact]
    public void List_EachTruncation_IsFound()
    {
        var (disk, store) = Make();
        store.Write(MadeUp.InfoOf(5), stream => stream.Write(new byte[100]));
        var bytes = disk.BytesOf(PathOf(5));
        for (var length = 0; length < bytes.Length; length++)
        {
            disk.Put(PathOf(5), bytes.AsSpan(0, length));
            Assert.False(Assert.Single(store.List()).IsValid, $"Only {length} bytes are left, and nobody saw it.");
            Assert.False(Assert.Single(store.List(isWhole: false)).IsValid);
        }

        disk.Put(PathOf(5), [.. bytes, 0]);
        Assert.False(Assert.Single(store.List()).IsValid);
    }

    /// <summary>A file of another sequence, or of a release to come, is told as that.</summary>
    [Fact]
    public void List_OtherSequenceAndNewerFormat_AreTold()
    {
        var (disk, store) = Make();
        MadeUp.Write(store, 5);
        disk.Put(PathOf(6), disk.BytesOf(PathOf(5)));
        var newer = MadeUp.InfoOf(7) with { FormatVersion = SnapshotHeader.Version + 1 };
        disk.Put(PathOf(7), SnapshotHeader.Write(newer, 0, 0));
        disk.Put(PathOf(8), "something else that is long enough to be no header"u8);

        var entries = store.List();
        Assert.Equal([8, 7, 6, 5], entries.Select(entry => entry.Sequence));
        Assert.Contains("does not begin", entries[0].Problem, StringComparison.Ordinal);
        Assert.Contains($"format {SnapshotHeader.Version + 1}", entries[1].Problem, StringComparison.Ordinal);
        Assert.Contains("sequence 5", entries[2].Problem, StringComparison.Ordinal);
        Assert.True(entries[3].IsValid);
    }

    [Fact]
    public void List_FileThatCannotBeRead_IsToldByItsEntry()
    {
        var (disk, store) = Make();
        MadeUp.Write(store, 5);
        disk.Faults.Fail(DiskOperation.Read, DiskFault.Error);

        Assert.Contains("error", Assert.Single(store.List()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Damaged_SaysWhichAndWhy()
    {
        var (disk, store) = Make();
        MadeUp.Write(store, 5);
        disk.Flip(PathOf(5), (disk.BytesOf(PathOf(5)).Length * 8) - 1);

        var error = Assert.Throws<StateException>(() => store.Open(5, out _));
        Assert.Contains(SnapshotStore.NameOf(5), error.Message, StringComparison.Ordinal);
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => store.Open(6, out _));
    }

    [Fact]
    public void Prune_ResultsThatSinksLack_KeepTheSnapshotBeforeThem()
    {
        var (_, store) = Make();
        for (var sequence = 1; sequence <= 6; sequence++)
            MadeUp.Write(store, sequence);

        var pruning = store.Prune(2, [new QueryNumber("calls", 29), new QueryNumber("another", 0)]);
        Assert.Equal([6, 5, 2], pruning.Kept.Select(entry => entry.Sequence));
        Assert.Equal([6, 5, 2], store.List().Select(entry => entry.Sequence));
        Assert.Equal(2, pruning.OldestSequence);
        Assert.Equal(3, pruning.DeletedFiles);
        Assert.Equal(6, Assert.Single(store.Prune(1, []).Kept).Sequence);
    }

    /// <summary>A recovery begins before all of them: it needs the journal from its start.</summary>
    [Fact]
    public void Prune_ResultsOfNoSnapshotHaveArrived_TellsOfNoSlotThatNobodyNeeds()
    {
        var (_, store) = Make();
        for (var sequence = 5; sequence <= 6; sequence++)
            MadeUp.Write(store, sequence);

        var pruning = store.Prune(1, [new QueryNumber("calls", 0)]);

        Assert.Equal(6, Assert.Single(pruning.Kept).Sequence);
        Assert.Null(pruning.OldestSequence);
    }

    /// <summary>One that is damaged does not count, and does not make a good one go.</summary>
    [Fact]
    public void Prune_NewestIsDamaged_KeepsTheNewestValid()
    {
        var (disk, store) = Make();
        for (var sequence = 1; sequence <= 4; sequence++)
            MadeUp.Write(store, sequence);
        disk.Flip(PathOf(4), 5000);
        disk.Flip(PathOf(1), 5000);

        Assert.Equal(3, Assert.Single(store.Prune(1, []).Kept).Sequence);
        Assert.Equal([4, 3], store.List().Select(entry => entry.Sequence));
    }

    [Fact]
    public void Prune_NoneIsValid_DeletesNone()
    {
        var (disk, store) = Make();
        MadeUp.Write(store, 4);
        disk.Flip(PathOf(4), 0);
        var pruning = store.Prune(1, []);

        Assert.Null(pruning.OldestSequence);
        Assert.Single(disk.List(Folder));
    }

    /// <summary>A crash in each call leaves the old ones, or the new one; and what is kept then stays.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    public void WriteAndPrune_CrashAtEachCall_LeaveValidOnes(int moment, bool isPowerCut)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var call = 1;
            while (call < 200 && CrashesAt(call, (CrashMoment)moment, isPowerCut, seed))
                call++;
            Assert.InRange(call, 15, 199);
        }
    }

    /// <summary>An error of each call leaves the old ones, and the next try goes well.</summary>
    [Fact]
    public void Write_ErrorInEachCall_LeavesTheOldOnes()
    {
        foreach (var operation in Enum.GetValues<DiskOperation>())
        {
            for (var skip = 0; skip < 3; skip++)
            {
                var (disk, store) = Make();
                MadeUp.Write(store, 1);
                disk.Faults.Fail(operation, DiskFault.Error, skip);
                var error = Record.Exception(() => MadeUp.Write(store, 2));
                Assert.True(error is null or IOException, $"{error}");
                disk.Faults.Clear();
                disk.Crash();
                MadeUp.Check(store, 1);
                if (error is null)
                    MadeUp.Check(store, 2);
                MadeUp.Write(store, 2);
                MadeUp.Check(store, 2);
            }
        }
    }

    [Fact]
    public void SnapshotRound_AnySeed_LosesNothing()
    {
        for (var seed = 0; seed < 40; seed++)
            SnapshotRound.Run(seed);
    }

    private static bool CrashesAt(int call, CrashMoment moment, bool isPowerCut, int seed)
    {
        var (disk, store) = Make(seed);
        MadeUp.Write(store, 1);
        MadeUp.Write(store, 2);
        disk.CrashAt(disk.Operations + call, moment);
        var isWritten = false;
        var hasCrashed = false;
        try
        {
            MadeUp.Write(store, 3);
            isWritten = true;
            store.Prune(2, []);
        }
        catch (SimulatedCrashException)
        {
            hasCrashed = true;
        }

        if (isPowerCut)
            disk.Crash();
        else
            disk.CrashProcess();
        CheckAfterCrash(disk, isWritten);
        return hasCrashed;
    }

    private static void CheckAfterCrash(SimulatedDisk disk, bool isWritten)
    {
        var store = new SnapshotStore(disk, Folder);
        var valid = store.List().Where(entry => entry.IsValid).Select(entry => entry.Sequence).ToArray();
        Assert.Contains(2, valid);
        Assert.Contains(isWritten ? 3 : valid[0] == 3 ? 3 : 1, valid);
        Assert.All(valid, sequence => MadeUp.Check(store, sequence));

        Assert.Equal(valid[..2], store.Prune(2, []).Kept.Select(entry => entry.Sequence));
        disk.Crash();
        Assert.Equal(
            valid[..2].Select(sequence => SnapshotStore.NameOf(sequence)).Order(), disk.List(Folder).Order());
        Assert.All(valid[..2], sequence => MadeUp.Check(store, sequence));
    }

    private static string PathOf(long sequence) => $"{Folder}/{SnapshotStore.NameOf(sequence)}";

    private static (SimulatedDisk Disk, SnapshotStore Store) Make(int seed = 0)
    {
        var disk = new SimulatedDisk(seed);
        disk.CreateDirectory(Folder);
        return (disk, new SnapshotStore(disk, Folder));
    }
}
