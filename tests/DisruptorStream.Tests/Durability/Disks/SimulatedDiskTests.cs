using DisruptorStream.Durability.Files;
using DisruptorStream.Simulation.Disks;

namespace DisruptorStream.Tests.Durability.Disks;

/// <summary>What the simulated disk promises and what it takes away, each once.</summary>
public sealed class SimulatedDiskTests
{
    private const string Folder = "/d";
    private const int Seeds = 100;

    /// <summary>All that the worst of machines may find is found: nothing, all, and a part.</summary>
    [Fact]
    public void Crash_UnsyncedPages_AreLostKeptAndTorn()
    {
        var found = Finds(disk =>
        {
            using var file = CreateDurable(disk, "a", new byte[3 * 4096]);
            file.Write(0, Enumerable.Repeat((byte)1, 3 * 4096).ToArray());
        }, disk => disk.BytesOf("/d/a"));

        Assert.All(found, bytes => Assert.Equal(3 * 4096, bytes.Length));
        Assert.Contains(found, bytes => bytes.All(value => value == 0));
        Assert.Contains(found, bytes => bytes.All(value => value == 1));
        Assert.Contains(found, bytes => bytes[0] == 0 && bytes[^1] == 1);
        Assert.Contains(found, bytes => bytes[0] == 1 && bytes[4095] == 0);
        Assert.All(found, bytes => Assert.Equal(0, bytes.Chunk(512).Count(sector => sector.Distinct().Count() > 1)));
    }

    [Fact]
    public void Crash_SyncedBytes_Stay()
    {
        var found = Finds(
            disk => CreateDurable(disk, "a", [1, 2, 3]).Dispose(), disk => disk.BytesOf("/d/a"));

        Assert.All(found, bytes => Assert.Equal([1, 2, 3], bytes));
    }

    [Fact]
    public void Crash_UnsyncedLength_IsOldOrNew()
    {
        var found = Finds(disk =>
        {
            using var file = CreateDurable(disk, "a", [1, 2, 3]);
            file.SetLength(5000);
            file.SetLength(1);
        }, disk => disk.BytesOf("/d/a").Length);

        Assert.Equal([1, 3, 5000], found.Distinct().Order());
    }

    [Fact]
    public void Crash_UnsyncedNames_AreLostOrKept()
    {
        var found = Finds(disk =>
        {
            CreateDurable(disk, "a", [1]).Dispose();
            CreateDurable(disk, "b", [2]).Dispose();
            disk.Create("/d/c").Dispose();
            disk.Rename("/d/a", "/d/e");
            disk.Delete("/d/b");
        }, disk => string.Concat(disk.Paths().Select(path => path[^1])));

        Assert.Equal(8, found.Distinct().Count());
        Assert.Contains("ab", found);
        Assert.Contains("ce", found);
    }

    [Fact]
    public void Crash_RenameOverOne_LeavesTheOldOrTheNew()
    {
        var found = Finds(disk =>
        {
            CreateDurable(disk, "a", [1]).Dispose();
            CreateDurable(disk, "b", [2]).Dispose();
            disk.Rename("/d/a", "/d/b");
        }, disk => string.Concat(disk.Paths().Select(path => $"{path[^1]}{disk.BytesOf(path)[0]}")));

        Assert.Equal(["a1b2", "b1"], found.Distinct().Order());
    }

    /// <summary>Where the first rename is lost and the second is not, the file has no second name.</summary>
    [Fact]
    public void Crash_TwoRenamesOfAFile_LeaveItOneName()
    {
        var found = Finds(disk =>
        {
            CreateDurable(disk, "a", [1]).Dispose();
            disk.Rename("/d/a", "/d/b");
            disk.Rename("/d/b", "/d/c");
        }, disk => string.Concat(disk.Paths().Select(path => path[^1])));

        Assert.Equal(["a", "b", "c"], found.Distinct().Order());
    }

    [Fact]
    public void CrashProcess_WhatIsInTheCache_Stays()
    {
        var disk = Disk(0);
        var file = disk.Create("/d/a");
        file.Write(0, [1, 2]);
        Assert.NotNull(disk.TryLock("/d/lock"));
        disk.CrashProcess();

        Assert.Equal([1, 2], disk.BytesOf("/d/a"));
        Assert.Throws<ObjectDisposedException>(file.Sync);
        Assert.NotNull(disk.TryLock("/d/lock"));
    }

    /// <summary>fsyncgate: the next sync goes well, and what the first should have written is gone.</summary>
    [Fact]
    public void Sync_AfterOneThatFailed_HasLostWhatTheFirstShouldHaveWritten()
    {
        var found = Finds(disk =>
        {
            using var file = CreateDurable(disk, "a", [0]);
            file.Write(0, [1]);
            disk.Faults.Fail(DiskOperation.Sync, DiskFault.Error);
            Assert.Throws<IOException>(file.Sync);
            Assert.Equal([1], file.ReadAll());
            file.Sync();
        }, disk => disk.BytesOf("/d/a")[0]);

        Assert.Equal([0, 1], found.Distinct().Order().Select(value => (int)value));
    }

    [Fact]
    public void Write_ShortAndFailed_LeaveABeginning()
    {
        var disk = Disk(1);
        using var file = disk.Create("/d/a");
        disk.Faults.Fail(DiskOperation.Write, DiskFault.Error, skip: 1);
        disk.Faults.Fail(DiskOperation.Write, DiskFault.Short, skip: 1);
        file.Write(0, [1]);
        Assert.Throws<IOException>(() => file.Write(1, [2]));
        Assert.Equal(1, file.Length);
        Assert.Throws<IOException>(() => file.Write(1, Enumerable.Range(2, 100).Select(i => (byte)i).ToArray()));

        Assert.InRange(file.Length, 2, 100);
        Assert.Equal(Enumerable.Range(1, (int)file.Length).Select(i => (byte)i), file.ReadAll());
    }

    [Fact]
    public void Write_BudgetUsedUp_IsToldAsDiskFull()
    {
        var disk = Disk(0);
        using var file = disk.Create("/d/a");
        disk.Faults.BudgetBytes = 2 * 4096;
        file.Write(0, new byte[4096]);
        var error = Assert.Throws<IOException>(() => file.Write(4096, new byte[3 * 4096]));

        Assert.True(FileErrors.IsDiskFull(error));
        Assert.Equal(2 * 4096, file.Length);
        file.Write(0, new byte[2 * 4096]);
        file.SetLength(0);
        file.Write(0, new byte[2 * 4096]);
    }

    [Fact]
    public void FlipAndTruncate_File_AreSeenAndStay()
    {
        var disk = Disk(0);
        CreateDurable(disk, "a", [1, 2, 3]).Dispose();
        disk.Flip("/d/a", 9);
        disk.Truncate("/d/a", 2);
        Assert.Equal([1, 0], disk.BytesOf("/d/a"));
        disk.Crash();

        Assert.Equal([1, 0], disk.BytesOf("/d/a"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void CrashAt_Call_ThrowsFromThereOn(int moment)
    {
        var disk = Disk(0);
        using var file = disk.Create("/d/a");
        disk.CrashAt(disk.Operations + 2, (CrashMoment)moment);
        file.Write(0, [1]);
        Assert.Throws<SimulatedCrashException>(() => file.Write(1, Enumerable.Repeat((byte)2, 50).ToArray()));
        Assert.Throws<SimulatedCrashException>(file.Sync);
        Assert.Throws<SimulatedCrashException>(() => disk.Delete("/d/a"));
        disk.CrashProcess();

        var length = disk.BytesOf("/d/a").Length;
        Assert.InRange(length, moment == 2 ? 51 : 1, moment == 0 ? 1 : 51);
        Assert.Equal(2, disk.CountOf(DiskOperation.Write));
        Assert.Equal(0, disk.CountOf(DiskOperation.Sync));
    }

    [Fact]
    public void Before_ThrowsACrash_TakesTheDiskDown()
    {
        var disk = Disk(0);
        disk.Before = call => throw new SimulatedCrashException($"{call.Operation}");
        Assert.Throws<SimulatedCrashException>(() => disk.Create("/d/a"));
        disk.Before = null;
        Assert.Throws<SimulatedCrashException>(() => disk.List("/d"));
        disk.Crash();

        Assert.Empty(disk.List("/d"));
    }

    [Fact]
    public void EachCall_WrongPath_ThrowsAsARealSystemDoes()
    {
        var disk = Disk(0);
        disk.Create("/d/a").Dispose();

        Assert.Throws<IOException>(() => disk.Create("/d/a"));
        Assert.Throws<DirectoryNotFoundException>(() => disk.Create("/x/a"));
        Assert.Throws<FileNotFoundException>(() => disk.Open("/d/b"));
        Assert.Throws<FileNotFoundException>(() => disk.Rename("/d/b", "/d/c"));
        Assert.Throws<FileNotFoundException>(() => disk.Delete("/d/b"));
        Assert.Throws<DirectoryNotFoundException>(() => disk.List("/x"));
        Assert.Throws<DirectoryNotFoundException>(() => disk.SyncDirectory("/x"));
    }

    [Fact]
    public void TryLock_Twice_SecondIsRefusedUntilTheFirstIsReleased()
    {
        var disk = Disk(0);
        using (disk.TryLock("/d/lock"))
            Assert.Null(disk.TryLock("/d/lock"));

        Assert.NotNull(disk.TryLock("/d/lock"));
    }

    private static SimulatedDisk Disk(int seed)
    {
        var disk = new SimulatedDisk(seed);
        disk.CreateDirectory(Folder);
        return disk;
    }

    private static IFile CreateDurable(SimulatedDisk disk, string name, byte[] bytes)
    {
        var file = disk.Create($"{Folder}/{name}");
        file.Write(0, bytes);
        file.Sync();
        disk.SyncDirectory(Folder);
        return file;
    }

    /// <summary>What is found after a power cut, for each seed.</summary>
    private static List<T> Finds<T>(Action<SimulatedDisk> arrange, Func<SimulatedDisk, T> look)
    {
        var found = new List<T>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var disk = Disk(seed);
            arrange(disk);
            disk.Crash();
            found.Add(look(disk));
        }

        return found;
    }
}
