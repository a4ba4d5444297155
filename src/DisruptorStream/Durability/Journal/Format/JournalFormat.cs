using System.Globalization;
using System.IO.Hashing;

namespace DisruptorStream.Durability.Journal.Format;

/// <summary>How a journal lies in its directory, little endian.</summary>
/// <remarks>
/// <para>Files: <c>NUMBER.journal</c> is a segment, <c>NUMBER.spare</c> one that waits to become one; NUMBER has 20
/// digits. All else in the directory is somebody else's.</para>
/// <list type="table">
/// <listheader><term>Segment header</term><description>offset, length: meaning</description></listheader>
/// <item><term>hash</term><description>0, 8: XxHash3-64 of bytes 8 to 191</description></item>
/// <item><term>magic</term><description>8, 8</description></item>
/// <item><term>version</term><description>16, 4: of the header and of all frames</description></item>
/// <item><term>header bytes</term><description>20, 4: 192</description></item>
/// <item><term>stream id</term><description>24, 16</description></item>
/// <item><term>plan</term><description>40, 16: the fingerprint, high then low</description></item>
/// <item><term>further words</term><description>56, 4: of 8 bytes, beside each slot</description></item>
/// <item><term>zero</term><description>60, 4</description></item>
/// <item><term>number</term><description>64, 8: of the segment, from 1 on</description></item>
/// <item><term>generation</term><description>72, 8: of the writer, from 1 on</description></item>
/// <item><term>salt</term><description>80, 8: in each frame of this segment</description></item>
/// <item><term>segment bytes</term><description>88, 8</description></item>
/// <item><term>first sequence</term><description>96, 8: of the slots that follow</description></item>
/// <item><term>first ordinal</term><description>104, 8: of the frames that follow</description></item>
/// <item><term>number before</term><description>112, 8: of the segment before; 0 for none</description></item>
/// <item><term>end before</term><description>120, 8: where that one ends</description></item>
/// <item><term>hash before</term><description>128, 8: of its last frame, or of its header</description></item>
/// <item><term>durable ordinal</term><description>136, 8: as in a frame</description></item>
/// <item><term>durable to</term><description>144, 8: as in a frame</description></item>
/// <item><term>zero</term><description>152, 40</description></item>
/// </list>
/// <list type="table">
/// <listheader><term>Frame</term><description>offset, length: meaning</description></listheader>
/// <item><term>hash</term><description>0, 8: XxHash3-64 of bytes 8 to the end of the frame</description></item>
/// <item><term>length</term><description>8, 4: of the frame, a multiple of 8</description></item>
/// <item><term>kind</term><description>12, 1: <see cref="FrameKind"/></description></item>
/// <item><term>encoding</term><description>13, 1: <see cref="FrameEncoding"/></description></item>
/// <item><term>zero</term><description>14, 2</description></item>
/// <item><term>salt</term><description>16, 8: the segment's</description></item>
/// <item><term>first sequence</term><description>24, 8: of its slots, or of the slots after it</description></item>
/// <item><term>count</term><description>32, 4: of its slots, records or numbers</description></item>
/// <item><term>payload bytes</term><description>36, 4: what is behind them is zero</description></item>
/// <item><term>ordinal</term><description>40, 8: of the frame, from 1 on, through all segments</description></item>
/// <item><term>durable ordinal</term><description>48, 8: the last frame that was durable by then</description></item>
/// <item><term>durable to</term><description>56, 8: the last slot that was durable by then</description></item>
/// <item><term>hash before</term><description>64, 8: of the frame before, or of the header</description></item>
/// <item><term>payload</term><description>72</description></item>
/// </list>
/// </remarks>
internal static class JournalFormat
{
    public const ulong Magic = 0x0A1A_4C4E_524A_5344;
    public const int Version = 1;
    public const int SegmentHeaderBytes = 192;
    public const int FrameHeaderBytes = 72;
    public const int HashBytes = sizeof(ulong);
    public const string SegmentExtension = ".journal";
    public const string SpareExtension = ".spare";

    /// <summary>Frames begin at multiples of this.</summary>
    public const int Alignment = 8;

    /// <summary>The most bytes of a frame with slots, its header not counted.</summary>
    public const int MostSlotBytes = 256 * 1024;

    /// <summary>From how many bytes on records go on in another frame; one that is longer has a frame alone.</summary>
    public const int MostRecordBytes = 256 * 1024;

    /// <summary>The sequence before the first one.</summary>
    public const long NoSequence = -1;

    /// <summary>More than any sequence or ordinal can be.</summary>
    public const long Last = long.MaxValue / 2;

    /// <summary>More words than any slot has beside it.</summary>
    public const int MostFurtherWords = 1 << 16;

    private const int NumberDigits = 20;

    public static ulong Hash(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes);

    /// <summary>The length of a frame with that many bytes of payload.</summary>
    public static long FrameBytes(long payloadBytes) =>
        FrameHeaderBytes + ((payloadBytes + Alignment - 1) & -Alignment);

    public static string NameOf(long number, string extension) =>
        number.ToString("D20", CultureInfo.InvariantCulture) + extension;

    /// <summary>The number in the name of a file of the journal; 0 where it is no such name.</summary>
    public static long NumberOf(string name, string extension)
    {
        if (name.Length != NumberDigits + extension.Length || !name.EndsWith(extension, StringComparison.Ordinal))
            return 0;
        var digits = name.AsSpan(0, NumberDigits);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
