using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Durability.Journal.Reading;

namespace DisruptorStream.Tests.Durability.Journal;

public sealed class JournalDamageTests
{
    [Fact]
    public void Open_AnyByteFlipped_IsToldOrHarmless()
    {
        var (files, whole) = MakeJournal();
        var (told, harmless) = (0, 0);
        foreach (var path in files.Paths)
        {
            var bytes = files.Bytes(path);
            for (var index = 0; index < bytes.Length; index++)
            {
                foreach (var mask in (byte[])[0x01, 0x80, 0xFF])
                {
                    var copy = files.Copy();
                    var flipped = (byte[])bytes.Clone();
                    flipped[index] ^= mask;
                    copy.SetBytes(path, flipped);
                    if (IsTold(copy, whole, $"{path} {index}"))
                        told++;
                    else
                        harmless++;
                }
            }
        }

        Assert.True(told > 1000, $"{told} told, {harmless} harmless");
    }

    [Fact]
    public void Open_AnyTruncation_IsToldOrHarmless()
    {
        var (files, whole) = MakeJournal();
        var told = 0;
        foreach (var path in files.Paths)
        {
            var bytes = files.Bytes(path);
            for (var length = 0; length < bytes.Length; length++)
            {
                var copy = files.Copy();
                copy.SetBytes(path, bytes[..length]);
                if (IsTold(copy, whole, $"{path} {length}"))
                    told++;
            }
        }

        Assert.True(told > 1000, $"{told} told");
    }

    /// <summary>A frame that is whole, and has the right number, but was written behind another one.</summary>
    [Fact]
    public void Open_FrameFollowsOnAnotherOne_IsToldAsAChain()
    {
        var (files, _) = MakeJournal();
        var path = files.Paths.Order(StringComparer.Ordinal).First();
        var bytes = files.Bytes(path);
        const int Start = JournalFormat.SegmentHeaderBytes;
        bytes[Start + 64] ^= 1;
        var length = BitConverter.ToInt32(bytes, Start + 8);
        var hash = JournalFormat.Hash(bytes.AsSpan(Start + 8, length - 8));
        BitConverter.TryWriteBytes(bytes.AsSpan(Start), hash);
        files.SetBytes(path, bytes);
        var damage = JournalContents.Open(files, JournalBench.Directory).Damage;
        Assert.Equal(JournalFault.Chain, damage[0].Fault);
        Assert.Equal(Start, damage[0].Offset);
    }

    [Fact]
    public void Open_FileInTheMiddleIsMissing_IsToldByItsName()
    {
        var (files, _) = MakeJournal();
        var paths = files.Paths.Where(path => path.EndsWith(".journal", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToArray();
        Assert.True(paths.Length >= 3, $"{paths.Length} files");
        files.Delete(paths[1]);

        var damage = JournalContents.Open(files, JournalBench.Directory).Damage[0];

        Assert.Equal(JournalFault.Gap, damage.Fault);
        Assert.Equal($"'{paths[1]}', from slot {damage.Sequence} on: the file is missing", damage.ToString());
    }

    // Whether damage is told. If not, all that the journal calls durable is there. What is read is never wrong.
    private static bool IsTold(MemoryFiles files, JournalText whole, string where)
    {
        var contents = JournalContents.Open(files, JournalBench.Directory);
        if (contents.Damage.Count == 0)
            Assert.True(contents.LastSequence >= contents.DurableTo, $"{where}: {contents.LastSequence}");
        if (contents.IsEmpty)
            return contents.Damage.Count > 0;
        var text = new JournalText(Math.Max(0, contents.FirstSequence));
        try
        {
            using var reader = new JournalReader(files, contents, contents.FirstSequence);
            while (text.Add(reader))
            {
            }
        }
        catch (JournalException)
        {
            Assert.True(contents.Damage.Count > 0, where);
        }

        if (contents.FirstSequence == 0)
            Assert.Equal(whole.Others.Take(text.Others.Count), text.Others);
        if (contents.Damage.Count == 0)
        {
            Assert.Equal(contents.LastSequence + 1, text.NextSequence);

            // Only what was in the last write, which nothing calls durable, may be missing.
            Assert.True(text.NextSequence >= whole.NextSequence - 3, where);
        }

        return contents.Damage.Count > 0;
    }

    private static (MemoryFiles Files, JournalText Whole) MakeJournal()
    {
        var files = new MemoryFiles();
        var scenario = new JournalScenario(files, JournalBench.Options());
        scenario.Run("ob4rws9p8ws9wsr9wsobr9ws6ws3pws");
        scenario.Writer!.Dispose();
        var contents = JournalContents.Open(files, JournalBench.Directory);
        return (files.Copy(), JournalBench.ReadAll(files, contents, 0));
    }
}
