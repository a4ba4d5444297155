namespace DisruptorStream.Cli.Input.Records;

/// <summary>Records that are lines.</summary>
internal sealed class LineScanner : RecordScanner
{
    private int _scanned;

    public override int Scan(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        var end = bytes[_scanned..].IndexOf((byte)'\n');
        if (end < 0 && !isAtEnd)
        {
            _scanned = bytes.Length;
            return -1;
        }

        Length = end < 0 ? bytes.Length : _scanned + end;
        var taken = end < 0 ? Length : Length + 1;
        if (Length > 0 && bytes[Length - 1] == '\r')
            Length--;
        return taken;
    }

    public override void Reset() => _scanned = 0;

    public override void Discard(int bytes) => _scanned = Math.Max(0, _scanned - bytes);
}
