using System.IO.Hashing;
using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal;

namespace DisruptorStream.Tests.Durability;

/// <summary>
/// Each owner of a directory has a higher epoch than those before it, also where none of them wrote a segment.
/// </summary>
public sealed class EpochFileTests : IDisposable
{
    private const uint Marks = 1 << 20;

    private readonly string _directory = Directory.CreateTempSubdirectory("epoch-").FullName;

    private string FilePath => Path.Combine(_directory, "epoch");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void TakeNext_AgainAndAgain_Grows()
    {
        Assert.Equal((1, 0), Take(atLeast: 1));
        Assert.Equal((2, 7), Take(atLeast: 1, mark: 7));
        Assert.Equal((9, Marks - 1), Take(atLeast: 9, mark: uint.MaxValue));
        Assert.Equal((10, 3), Take(atLeast: 3, mark: Marks + 3));
        Assert.Equal(["epoch"], Directory.GetFiles(_directory).Select(Path.GetFileName));
    }

    /// <summary>Releases before wrote the count alone, and so do the targets have it.</summary>
    [Fact]
    public void TakeNext_AnOldOneIsThere_IsHigher()
    {
        var old = BitConverter.GetBytes(12_345L);
        File.WriteAllBytes(FilePath, [.. old, .. BitConverter.GetBytes(XxHash3.HashToUInt64(old))]);

        Assert.True(new EpochFile(FileSystems.Default, _directory).TakeNext(1, mark: 0) > 12_345);
    }

    /// <summary>What a crash left of a write counts for nothing.</summary>
    [Fact]
    public void TakeNext_ATemporaryIsLeft_IsReplaced()
    {
        Take(atLeast: 5);
        File.WriteAllText($"{FilePath}.tmp", "half");
        Assert.Equal((6, 0), Take(atLeast: 1));
    }

    [Fact]
    public void TakeNext_Damaged_SaysWhatToDo()
    {
        Take(atLeast: 5);
        var bytes = File.ReadAllBytes(FilePath);
        for (var at = 0; at < bytes.Length; at++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[at] ^= 1;
            File.WriteAllBytes(FilePath, flipped);
            var refused = Assert.Throws<JournalException>(() => Take(atLeast: 1));
            Assert.Contains("delete it", refused.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(FilePath, bytes[..7]);
        Assert.Throws<JournalException>(() => Take(atLeast: 1));
    }

    /// <summary>The next epoch, its count and its mark.</summary>
    private (long Count, long Mark) Take(long atLeast, uint mark = 0)
    {
        var epoch = new EpochFile(FileSystems.Default, _directory).TakeNext(atLeast, mark);
        return Math.DivRem(epoch, Marks);
    }
}
