using System.Buffers;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Tests.Identities;

public sealed class SideLogTests
{
    [Fact]
    public void WaitForRoom_Full_AsksTheReaderAndStaysBounded()
    {
        var reader = new TakingReader();
        var log = new SideLog(reader, capacityBytes: 100);
        reader.Log = log;
        var keys = new KeyTable<string>(10_000);
        keys.Attach(log, KeyCodecs.Require<string>());
        for (var key = 0; key < 1_000; key++)
        {
            keys.Intern($"key-{key}");
            Assert.InRange(log.WaitingBytes, 1, 130);
        }

        Assert.InRange(reader.Calls, 50, 1_000);
    }

    [Fact]
    public void Take_RecordsOfSeveralCalls_AreInTheirOrderAndTakenOnce()
    {
        var log = new SideLog(new TakingReader());
        var keys = new KeyTable<string>(10);
        keys.Intern("before");
        keys.Attach(log, KeyCodecs.Require<string>());
        keys.Intern("before");
        keys.Intern("after");
        Assert.Equal([0, 1], Numbers(log.Take()));
        Assert.Empty(Numbers(log.Take()));
        keys.Intern("last");
        Assert.Equal([2], Numbers(log.Take()));
    }

    [Fact]
    public void Close_AsFullAsItIs_HoldsNobodyUpAndKeepsNothing()
    {
        var reader = new TakingReader();
        var log = new SideLog(reader, capacityBytes: 1);
        var keys = new KeyTable<int>(10);
        keys.Attach(log, KeyCodecs.Require<int>());
        keys.Intern(1);
        Assert.Throws<InvalidOperationException>(() => keys.Attach(log, KeyCodecs.Require<int>()));
        log.Close();
        keys.Intern(2);
        Assert.Equal((0, 0), (reader.Calls, log.WaitingBytes));
        keys.Attach(new SideLog(reader), KeyCodecs.Require<int>());
    }

    /// <summary>A codec that fails leaves no trace: neither an id nor half a record.</summary>
    [Fact]
    public void Intern_CodecThrows_AddsNothing()
    {
        var log = new SideLog(new TakingReader());
        var keys = new KeyTable<int>(10);
        keys.Attach(log, new FailingCodec());
        keys.Intern(1);
        Assert.Throws<NotSupportedException>(() => keys.Intern(-1));
        keys.Intern(2);
        Assert.Equal((2, 2), (keys.Count, keys.IdRange));
        Assert.False(keys.TryGet(-1, out _));
        Assert.Equal([0, 1], Numbers(log.Take()));
    }

    /// <summary>As long as a key is not told, nobody finds it: no slot with its id can be published.</summary>
    [Fact]
    public void Intern_KeyThatIsBeingTold_IsFoundByNobodyYet()
    {
        var keys = new KeyTable<int>(10);
        var codec = new WatchingCodec(key => keys.Seek(key).IsFound || keys.FindDirectly(key) >= 0);
        keys.Attach(new SideLog(new TakingReader()), codec);
        keys.Intern(1);
        keys.Pin(2).Dispose();
        Assert.Equal(2, codec.Calls);
        Assert.False(codec.WasFound);
    }

    private static List<int> Numbers(ReadOnlySpan<byte> records)
    {
        var numbers = new List<int>();
        while (!records.IsEmpty)
            numbers.Add(IdentityRecord.Read(ref records).Number);
        return numbers;
    }

    private sealed class TakingReader : ISideLogReader
    {
        public SideLog? Log { get; set; }

        public int Calls { get; private set; }

        public void MakeRoom()
        {
            Calls++;
            Log?.Take();
        }
    }

    private sealed class WatchingCodec : IKeyCodec<int>
    {
        private readonly Func<int, bool> _isFound;

        public WatchingCodec(Func<int, bool> isFound) => _isFound = isFound;

        public string Name => "watching";

        public int Calls { get; private set; }

        public bool WasFound { get; private set; }

        public void Write(int key, IBufferWriter<byte> output)
        {
            Calls++;
            WasFound |= _isFound(key);
        }

        public int Read(ReadOnlySpan<byte> source, out int bytesRead) => throw new NotSupportedException();
    }

    private sealed class FailingCodec : IKeyCodec<int>
    {
        public string Name => "positive";

        public void Write(int key, IBufferWriter<byte> output)
        {
            output.GetSpan(1)[0] = 7;
            output.Advance(1);
            if (key < 0)
                throw new NotSupportedException("Negative.");
        }

        public int Read(ReadOnlySpan<byte> source, out int bytesRead)
        {
            bytesRead = 1;
            return source[0];
        }
    }
}
