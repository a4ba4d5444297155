using DisruptorStream.Sources;
using DisruptorStream.Sources.Reading;

namespace DisruptorStream.Tests.Sources;

/// <summary>What a recovery does where a source fails that it reads again.</summary>
public sealed class SourceRereaderTests
{
    private static readonly SourceOptions Quick = new()
    {
        BatchEvents = 10,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        MaxRetryDelay = TimeSpan.FromMinutes(1),
    };

    private readonly List<(string Message, TimeSpan Delay)> _told = [];

    /// <summary>Each read fails twice, behind some events or none; each event comes once all the same.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(10)]
    public void Read_ASourceThatFailsAndComesBack_GivesEachEventOnce(int before)
    {
        var source = new FailingSource { GivesBefore = before, FailsAtEach = 2 };
        using var rereader = New(source);
        var events = new long[35];
        rereader.Read(SourcePosition.FromInt64(5), 3, events);
        Assert.Equal(Numbers(8, 35), events);

        // As the next run has it: at the position behind a read.
        rereader.Read(SourcePosition.FromInt64(43), 0, events);
        Assert.Equal(Numbers(43, 35), events);
        Assert.NotEmpty(_told);
        Assert.All(_told, told => Assert.Equal("The share is away.", told.Message));
    }

    [Fact]
    public void Read_ASourceThatGoesOnFailing_IsGivenUpAfterGrowingWaits()
    {
        var source = new FailingSource { FailsAtEach = int.MaxValue };
        using var rereader = New(source);
        var given = Assert.Throws<SourcePositionException>(
            () => rereader.Read(SourcePosition.FromInt64(5), 3, new long[4]));

        Assert.Contains(
            "it failed 5 times in a row, at last with IOException: The share is away",
            given.Message,
            StringComparison.Ordinal);
        Assert.IsType<IOException>(given.InnerException);
        Assert.Equal(5, source.Opened);
        Assert.Equal([1, 2, 4, 8], _told.Select(told => told.Delay.TotalMilliseconds));
    }

    /// <summary>The source has said itself that it is another one: no wait helps.</summary>
    [Fact]
    public void Read_ASourceThatIsAnotherOne_IsGivenUpAtOnce()
    {
        var source = new FailingSource
        {
            FailsAtEach = int.MaxValue,
            Failure = () => new SourcePositionException("It is another one."),
        };
        using var rereader = New(source);
        Assert.Equal(
            "It is another one.",
            Assert.Throws<SourcePositionException>(
                () => rereader.Read(SourcePosition.FromInt64(5), 3, new long[4])).Message);
        Assert.Equal(1, source.Opened);
    }

    /// <summary>The same events before each failure are no progress.</summary>
    [Fact]
    public void Read_ASourceThatFailsAtTheSamePlace_IsGivenUp()
    {
        var source = new FailingSource { GivesBefore = 4, FailsAtEach = int.MaxValue };
        using var rereader = New(source);
        var events = new long[4];
        rereader.Read(SourcePosition.FromInt64(5), 0, events);
        Assert.Equal(Numbers(5, 4), events);
        Assert.Contains(
            "event 5 behind the position",
            Assert.Throws<SourcePositionException>(
                () => rereader.Read(SourcePosition.FromInt64(5), 4, new long[1])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ASourceThatHangs_IsGivenUpInTime()
    {
        var source = new FailingSource { GivesBefore = 4, Hangs = true, FailsAtEach = int.MaxValue };
        using var rereader = New(source, Quick with { MaxRetryDelay = TimeSpan.FromMilliseconds(50) });
        Assert.Contains(
            "none has come for 00:00:00.05",
            Assert.Throws<SourcePositionException>(
                () => rereader.Read(SourcePosition.FromInt64(5), 0, new long[4])).Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<long> Numbers(int first, int count) =>
        Enumerable.Range(first, count).Select(number => (long)number);

    private SourceRereader<long> New(FailingSource source, SourceOptions? options = null) =>
        new(source, options ?? Quick, (failure, delay) => _told.Add((failure.Message, delay)));

    /// <summary>Numbers, whose reader fails at each place some times before it goes on.</summary>
    private sealed class FailingSource : ISeekableSource<long>
    {
        private const int Count = 100;

        private readonly Dictionary<long, int> _failed = [];

        public int Opened { get; private set; }

        /// <summary>How many events it gives in the read that fails.</summary>
        public int GivesBefore { get; init; }

        public int FailsAtEach { get; init; }

        public bool Hangs { get; init; }

        public Func<Exception> Failure { get; init; } = () => new IOException("The share is away.");

        public ValueTask<ISeekableReader<long>> OpenAsync(SourcePosition from, CancellationToken cancellationToken)
        {
            Opened++;
            return new(new Reader { Source = this, Next = from.ToInt64() });
        }

        private async Task FailAsync(long place)
        {
            var failed = _failed.GetValueOrDefault(place);
            if (failed >= FailsAtEach)
                return;
            _failed[place] = failed + 1;
            if (Hangs)
                await new TaskCompletionSource().Task;
            throw Failure();
        }

        private sealed class Reader : ISeekableReader<long>
        {
            public required FailingSource Source { get; init; }

            public long Next { get; set; }

            public SourcePosition Position => SourcePosition.FromInt64(Next);

            public long? Lag => null;

            public async ValueTask<bool> ReadAsync(SourceBatch<long> batch, CancellationToken cancellationToken)
            {
                for (var given = 0; given < Source.GivesBefore && !batch.IsFull; given++)
                    batch.Add(Next++);
                await Source.FailAsync(Next);
                while (Next < Count && !batch.IsFull)
                    batch.Add(Next++);
                return Next < Count;
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
