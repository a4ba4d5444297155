using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Views;
using DisruptorStream.Saving;

namespace DisruptorStream.Tests.Emission.Delivery;

/// <summary>Sinks that hold results up to a number get those behind it; all the others get all.</summary>
public sealed class HeldResultsTests
{
    [Theory]
    [InlineData(0, "1,2,3|4,5,6|7")]
    [InlineData(1, "2,3|4,5,6|7")]
    [InlineData(3, "4,5,6|7")]
    [InlineData(5, "6|7")]
    [InlineData(7, "")]
    [InlineData(99, "")]
    public void Flush_SinkHoldsSome_GetsThoseBehind(long held, string expected)
    {
        var sink = new RecordingSink();
        var numbers = new List<long>();
        var dispatcher = Dispatchers.Create(
            sinks: [(sink, SinkFailurePolicy.Stop), (new NumberSink(numbers), SinkFailurePolicy.Stop)],
            capacity: 3,
            held: held);
        Dispatchers.Add(dispatcher, 1, 2, 3, 4, 5, 6, 7);
        dispatcher.Flush();

        Assert.Equal(expected, string.Join('|', sink.Batches));
        Assert.Equal(Enumerable.Range(1, 7).Select(number => (long)number).Where(number => number > held), numbers);
        Assert.Equal((7, 7), (dispatcher.Figures.ResultsEmitted, dispatcher.Figures.LastNumber));
    }

    [Fact]
    public void Flush_View_GetsAllWhateverIsSaidOfIt()
    {
        var view = new LatestResults<string>();
        var dispatcher = Dispatchers.Create(sinks: [(view, SinkFailurePolicy.Stop)], held: 2);
        dispatcher.Add(Rows.Pane(1, key: 3), Rows.Values(1, 1));
        dispatcher.Add(Rows.Pane(2, key: 4), Rows.Values(1, 1));
        dispatcher.Flush();
        dispatcher.Advance(2);

        Assert.Equal([1L, 2L], view.Read().Select(result => result.Number).Order());
    }

    [Fact]
    public void Add_DroppedEventsThatAreHeld_AreCountedOnly()
    {
        var log = new List<string>();
        var dispatcher = Dispatchers.Create(dropped: [(new DroppedSink(log), SinkFailurePolicy.Stop)], held: 2);
        for (var sequence = 1; sequence <= 3; sequence++)
            dispatcher.Add(Rows.Dropped(sequence, key: 4), [0, 0]);

        Assert.Equal(["dropped 3 key4 Late 0"], log);
        Assert.Equal(3, dispatcher.Figures.DroppedRouted);
    }

    [Fact]
    public void Load_StateWithoutNumbers_CountsOnFromTheResults()
    {
        var dispatcher = Loaded(writer =>
        {
            writer.Begin(SectionTag.Delivery, 1);
            writer.WriteCount(5);
            writer.WriteCount(2);
            writer.WriteCount(1);
            writer.End();
        }, out var numbers);
        Dispatchers.Add(dispatcher, 1);
        dispatcher.Flush();

        Assert.Equal([8], numbers);
    }

    [Fact]
    public void Load_WhatAnotherSaved_CountsOnFromThere()
    {
        var first = Dispatchers.Create();
        Dispatchers.Add(first, 1, 2, 3);
        first.Flush();
        var dispatcher = Loaded(first.Save, out var numbers);
        Dispatchers.Add(dispatcher, 1, 2);
        dispatcher.Flush();

        Assert.Equal([4, 5], numbers);
        Assert.Equal(5, dispatcher.Figures.LastNumber);
    }

    private static ResultDispatcher<string> Loaded(Action<StateWriter> save, out List<long> numbers)
    {
        using var state = new MemoryStream();
        using (var writer = new StateWriter(state, new StateHeader(default, 0)))
        {
            save(writer);
            writer.Complete();
        }

        state.Position = 0;
        numbers = [];
        var dispatcher = Dispatchers.Create(sinks: [(new NumberSink(numbers), SinkFailurePolicy.Stop)]);
        using var reader = new StateReader(state);
        dispatcher.Load(reader);
        return dispatcher;
    }

    private sealed class NumberSink : IResultSink<string>
    {
        private readonly List<long> _numbers;

        public NumberSink(List<long> numbers) => _numbers = numbers;

        public void OnResults(ResultBatch<string> batch)
        {
            Assert.Equal(batch[0].Number, batch.FirstNumber);
            _numbers.AddRange(batch.Select(result => result.Number));
        }
    }
}
