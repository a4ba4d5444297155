using System.Buffers.Binary;
using System.Net.Sockets;

namespace DisruptorStream.Crash.Power;

/// <summary>Serves a disk by the protocol of network block devices, on a Unix socket.</summary>
/// <remarks>The fixed newstyle handshake; reads, writes, flushes, and writes that are forced to the disk.</remarks>
internal sealed class NbdServer : IDisposable
{
    private const ulong Magic = 0x4e42_444d_4147_4943;
    private const ulong OptionMagic = 0x4948_4156_454f_5054;
    private const ulong OptionReplyMagic = 0x0003_e889_0455_65a9;
    private const uint RequestMagic = 0x2560_9513;
    private const uint ReplyMagic = 0x6744_6698;
    private const ushort FixedNewstyle = 1;
    private const ushort NoZeroes = 2;
    private const ushort HasFlags = 1;
    private const ushort CanFlush = 4;
    private const ushort CanForce = 8;
    private const ushort Forced = 1;
    private const uint OptionExportName = 1;
    private const uint OptionAbort = 2;
    private const uint OptionInfo = 6;
    private const uint OptionGo = 7;
    private const uint Acknowledged = 1;
    private const uint Information = 3;
    private const uint Unsupported = (1u << 31) | 1;
    private const uint InvalidArgument = 22;
    private const int ZeroesBytes = 124;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly RecordedDisk _disk;

    /// <param name="disk">The disk.</param>
    /// <param name="path">Where the socket is.</param>
    public NbdServer(RecordedDisk disk, string path)
    {
        _disk = disk;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true, Name = "nbd" }.Start();
    }

    public void Dispose() => _listener.Dispose();

    private static void WriteReply(Stream stream, uint option, uint kind, ReadOnlySpan<byte> data)
    {
        var reply = new byte[20 + data.Length];
        BinaryPrimitives.WriteUInt64BigEndian(reply, OptionReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(8), option);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(12), kind);
        BinaryPrimitives.WriteInt32BigEndian(reply.AsSpan(16), data.Length);
        data.CopyTo(reply.AsSpan(20));
        stream.Write(reply);
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.Accept();
                new Thread(() => Serve(socket)) { IsBackground = true, Name = "nbd-client" }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was given up.
        }
    }

    private void Serve(Socket socket)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            if (Greet(stream))
                Transmit(stream);
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }

    private bool Greet(Stream stream)
    {
        var greeting = new byte[18];
        BinaryPrimitives.WriteUInt64BigEndian(greeting, Magic);
        BinaryPrimitives.WriteUInt64BigEndian(greeting.AsSpan(8), OptionMagic);
        BinaryPrimitives.WriteUInt16BigEndian(greeting.AsSpan(16), FixedNewstyle | NoZeroes);
        stream.Write(greeting);
        var flags = new byte[4];
        stream.ReadExactly(flags);
        var hasZeroes = (BinaryPrimitives.ReadUInt32BigEndian(flags) & NoZeroes) == 0;
        var head = new byte[16];
        while (true)
        {
            stream.ReadExactly(head);
            var option = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(8));
            stream.ReadExactly(new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(12))]);
            switch (option)
            {
                case OptionExportName:
                    stream.Write(Export().AsSpan(2));
                    stream.Write(new byte[hasZeroes ? ZeroesBytes : 0]);
                    return true;
                case OptionGo or OptionInfo:
                    WriteReply(stream, option, Information, Export());
                    WriteReply(stream, option, Acknowledged, []);
                    if (option == OptionGo)
                        return true;
                    break;
                case OptionAbort:
                    WriteReply(stream, option, Acknowledged, []);
                    return false;
                default:
                    WriteReply(stream, option, Unsupported, []);
                    break;
            }
        }
    }

    /// <summary>The kind of information, which is 0, then size and flags.</summary>
    private byte[] Export()
    {
        var export = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(export.AsSpan(2), _disk.Length);
        BinaryPrimitives.WriteUInt16BigEndian(export.AsSpan(10), HasFlags | CanFlush | CanForce);
        return export;
    }

    private void Transmit(Stream stream)
    {
        var request = new byte[28];
        var reply = new byte[16];
        while (true)
        {
            stream.ReadExactly(request);
            if (BinaryPrimitives.ReadUInt32BigEndian(request) != RequestMagic)
                throw new IOException("That is no request.");
            var isForced = (BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(4)) & Forced) != 0;
            var kind = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(6));
            var offset = BinaryPrimitives.ReadInt64BigEndian(request.AsSpan(16));
            var length = BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(24));
            var data = Array.Empty<byte>();
            var error = 0u;
            switch (kind)
            {
                case 0:
                    data = new byte[length];
                    _disk.Read(offset, data);
                    break;
                case 1:
                    var written = new byte[length];
                    stream.ReadExactly(written);
                    _disk.Write(offset, written, isForced);
                    break;
                case 2:
                    return;
                case 3:
                    _disk.Flush();
                    break;
                default:
                    error = InvalidArgument;
                    break;
            }

            BinaryPrimitives.WriteUInt32BigEndian(reply, ReplyMagic);
            BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(4), error);
            request.AsSpan(8, 8).CopyTo(reply.AsSpan(8));
            stream.Write(reply);
            stream.Write(data);
        }
    }
}
