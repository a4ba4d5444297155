using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Writing;

namespace DisruptorStream.Tests.Durability.Journal;

/// <summary>Runs steps on a journal, and remembers what must be there after a crash.</summary>
internal sealed class JournalScenario
{
    private readonly JournalOptions _options;
    private int _texts;
    private bool _hasRecycled;

    public JournalScenario(IFileSystem files, JournalOptions options, bool reseats = false)
    {
        Files = files;
        _options = options;
        Reseats = reseats;
    }

    public IFileSystem Files { get; }

    public bool Reseats { get; }

    public JournalWriter? Writer { get; private set; }

    /// <summary>All frames without slots that were appended, in order.</summary>
    public List<string> Others { get; } = [];

    /// <summary>How many of them are written, and durable.</summary>
    public int OthersWritten { get; private set; }

    public int OthersDurable { get; private set; }

    public long WrittenThrough { get; private set; } = -1;

    public long DurableThrough { get; private set; } = -1;

    /// <summary>How often the writer was dead.</summary>
    public int Failures { get; private set; }

    /// <summary>A usual life: letters are steps.</summary>
    public void Run(string steps)
    {
        foreach (var step in steps)
        {
            var next = Writer?.NextSequence ?? 0;
            try
            {
                Take(step);
            }
            catch (JournalException failure) when (Reseats)
            {
                Failures++;
                GoOn(failure, next);

                // Slots that were not taken are appended again; all else that was handed over is.
                if (!"rpbe".Contains(step, StringComparison.Ordinal))
                    Take(step);
            }
        }
    }

    public void Open(bool cleanly = false)
    {
        Writer?.Dispose();
        Writer = null;
        var contents = JournalContents.Open(Files, JournalBench.Directory);
        Assert.Empty(contents.Damage);
        Assert.Equal(0, cleanly ? contents.CutBytes : 0);
        (WrittenThrough, DurableThrough) = (contents.LastSequence, contents.LastSequence);
        (OthersWritten, OthersDurable) = (Others.Count, Others.Count);
        Writer = new JournalWriter(
            Files, contents, JournalBench.Identity(), contents.LastSequence + 1, _options);
    }

    /// <summary>What the journal is read back to, checked against what was appended.</summary>
    public void Check(IFileSystem files, long through, int others)
    {
        var contents = JournalContents.Open(files, JournalBench.Directory);
        Assert.Empty(contents.Damage);
        Assert.True(contents.LastSequence >= through, $"{contents.LastSequence} is the last slot, not {through}.");
        if (contents.IsEmpty)
        {
            Assert.Equal(0, others);
            return;
        }

        var text = JournalBench.ReadAll(files, contents, contents.FirstSequence);
        Assert.Equal(contents.LastSequence + 1, text.NextSequence);
        var isThere = false;
        for (var skipped = 0; skipped <= Others.Count && !isThere; skipped++)
        {
            isThere = skipped + text.Others.Count >= others
                && Others.Skip(skipped).Take(text.Others.Count).SequenceEqual(text.Others);
        }

        Assert.True(
            isThere, $"{string.Join("; ", text.Others)} is not in {string.Join("; ", Others)}; {others} are wanted");
        if (!_hasRecycled)
            Assert.Equal(Others.Take(text.Others.Count), text.Others);
    }

    private void Take(char step)
    {
        switch (step)
        {
            case 'o':
                Open();
                break;
            case 'r':
                var record = JournalBench.Record(Writer!.NextSequence, ++_texts);
                Add($"records {Writer.NextSequence}: {Convert.ToHexString(record)}");
                Writer.AppendRecords(record);
                break;
            case 'p':
                Add($"positions {Writer!.NextSequence}: {++_texts} 3");
                Writer.AppendPositions([_texts, 3]);
                break;
            case 'b':
                Add($"Restart {Writer!.NextSequence}");
                Writer.AppendRestart();
                break;
            case 'e':
                Add($"End {Writer!.NextSequence}");
                Writer.AppendEnd();
                break;
            case 'w':
                Writer!.Write();
                (WrittenThrough, OthersWritten) = (Writer.WrittenThrough, Others.Count);
                break;
            case 's':
                var (slots, others) = (WrittenThrough, OthersWritten);
                Writer!.Sync();
                Assert.Equal(slots, Writer.DurableThrough);
                (DurableThrough, OthersDurable) = (slots, others);
                break;
            case 'c':
                _hasRecycled = true;
                Writer!.Recycle(DurableThrough);
                break;
            case 'm':
                Writer!.Maker.Step();
                break;
            default:
                Writer!.AppendSlots(step - '0');
                break;
        }
    }

    private void Add(string other) => Others.Add(other);

    private void GoOn(JournalException failure, long before)
    {
        if (Writer is null)
        {
            Open();
            return;
        }

        Assert.Same(failure, Assert.Throws<JournalException>(() => Writer.AppendSlots(0)));
        Assert.Same(failure, Assert.Throws<JournalException>(Writer.Write));
        Assert.Same(failure, Assert.Throws<JournalException>(Writer.Sync));
        var next = Writer.Reseat();
        Assert.Equal(DurableThrough + 1, next);
        for (var index = OthersDurable; index < Others.Count; index++)
        {
            var parts = Others[index].Split(' ', 2);
            var end = parts[1].IndexOf(':', StringComparison.Ordinal);
            Others[index] = $"{parts[0]} {next}{(end < 0 ? "" : parts[1][end..])}";
        }

        Writer.AppendSlots((int)(before - next));
        Writer.Write();
        (WrittenThrough, OthersWritten) = (Writer.WrittenThrough, Others.Count);
    }
}
