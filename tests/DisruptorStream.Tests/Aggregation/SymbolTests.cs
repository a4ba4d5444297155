using System.Text;
using DisruptorStream.Aggregation;

namespace DisruptorStream.Tests.Aggregation;

public sealed class SymbolTests
{
    [Fact]
    public void Intern_TheSameTextInAnyForm_IsOneNumber()
    {
        var symbols = new SymbolTable();
        var number = symbols.Intern("größe");
        Assert.Equal(1, number);
        Assert.Equal(number, symbols.Intern("größe".AsSpan()));
        Assert.Equal(number, symbols.Intern(Encoding.UTF8.GetBytes("größe")));
        var lengthy = new string('x', 5000);
        Assert.Equal(2, symbols.Intern(Encoding.UTF8.GetBytes(lengthy)));
        Assert.Equal((lengthy, null, null), (symbols.TextOf(2), symbols.TextOf(3), symbols.TextOf(SymbolTable.None)));
        Assert.Equal(SymbolTable.None, symbols.Intern((string?)null));
        Assert.Equal(2, symbols.Count);
    }

    [Fact]
    public void Intern_TableFull_IsOther()
    {
        var symbols = new SymbolTable(2);
        Assert.Equal([1, 2, SymbolTable.Other, 1], "abca".Select(letter => symbols.Intern(letter.ToString())));
        Assert.Equal("(other)", symbols.TextOf(SymbolTable.Other));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SymbolTable(0));
    }

    [Fact]
    public async Task Intern_ManyThreads_EveryNumberHasItsText()
    {
        var symbols = new SymbolTable();
        await Parallel.ForAsync(0, 8, TestContext.Current.CancellationToken, (_, _) =>
        {
            for (var i = 0; i < 5000; i++)
            {
                var text = $"symbol {i}";
                Assert.Equal(text, symbols.TextOf(symbols.Intern(text)));
            }

            return ValueTask.CompletedTask;
        });
        Assert.Equal(5000, symbols.Count);
    }

    [Fact]
    public void Intern_KnownText_AllocatesNothing()
    {
        var symbols = new SymbolTable();
        var utf8 = "a model"u8.ToArray();
        for (var i = 0; i < 1000; i++)
            symbols.Intern(utf8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            symbols.Intern(utf8);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Symbols_AreCountedAndShown_NotComputedWith()
    {
        var symbols = new SymbolTable();
        var events = StreamProcessorBuilder.For<(string Key, string? User, long Time)>()
            .KeyBy(one => one.Key)
            .EventTime(one => one.Time)
            .Symbol("user", symbols, one => one.User)
            .TumblingWindows(TimeSpan.FromTicks(10));
        var wrong = Assert.Throws<ArgumentException>(() => { events.Aggregate(a => a.Sum("s")); });
        Assert.Contains("holds symbols", wrong.Message, StringComparison.Ordinal);

        await using var processor = events
            .Aggregate(a => a.Count("n").Distinct("users").Top("user", 1).First("first").Last("last"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();
        foreach (var user in new[] { "ann", "bob", null, "bob" })
            processor.Publish(("k", user, 1));
        await processor.StopAsync(StopMode.Complete);
        Assert.True(processor.TryReadResult(out var result));
        Assert.Equal((4, 2, 2), (result["n"], result["users"], result["user_1_count"]));
        Assert.Equal("bob", symbols.TextOf(result.GetInt64("user_1")));
        Assert.Equal("ann", symbols.TextOf(result.GetInt64("first")));
        Assert.Equal("bob", symbols.TextOf(result.GetInt64("last")));
    }
}
