using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Tests.Ingest.Keys.Texts;

public class TextIndexTests
{
    /// <summary>
    /// A text is found by its object, by an equal one and by its characters: while the table grows, when the objects
    /// have moved, and when the key was given up and came again with another object.
    /// </summary>
    [Fact]
    public void FindAll_ObjectsThatMoveAndReturn_AreFoundInEveryForm()
    {
        const int Keys = 3_000;
        var table = new KeyTable<string>(Keys);
        var names = Names(Keys);
        var ids = new int[Keys];
        for (var round = 0; round < 4; round++)
        {
            table.InternAll(names, ids, out _);
            Assert.Equal(Enumerable.Range(0, Keys), ids);
            Assert.Equal(ids, names.Select(table.Intern));
            Assert.Equal(ids, names.Select(name => table.Seek(name).Id));
            Assert.Equal(ids, Names(Keys).Select(name => table.Intern(name)));
            Assert.Equal(ids, names.Select(name => table.Intern(name.AsSpan())));
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        for (var id = 0; id < Keys; id += 2)
        {
            Assert.True(table.TryMarkRetiring(id) && table.TryRetire(id, 0));
            table.Release(id);
        }

        var others = Names(Keys);
        table.InternAll(others, ids, out _);
        Assert.Equal(names, ids.Select(table.KeyOf));
        Assert.Equal(ids, names.Select(table.Intern));
        Assert.Equal(Keys, ids.Distinct().Count());
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(number => $"key {number}")];
}
