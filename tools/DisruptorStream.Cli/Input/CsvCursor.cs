namespace DisruptorStream.Cli.Input;

/// <summary>Goes through the fields of one record of comma-separated values.</summary>
internal ref struct CsvCursor
{
    private ReadOnlySpan<byte> _rest;
    private bool _isAtEnd;

    public CsvCursor(ReadOnlySpan<byte> record) => _rest = record;

    /// <summary>The text of the field, without the quotes around it; doubled quotes inside are as they stand.</summary>
    public ReadOnlySpan<byte> Field { get; private set; }

    public bool IsQuoted { get; private set; }

    /// <summary>Whether the quotes of the field are not closed, or something follows them.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Goes to the next field. An empty record has one, which is empty.</summary>
    public bool MoveNext()
    {
        if (_isAtEnd)
            return false;
        IsBroken = false;
        IsQuoted = _rest.Length > 0 && _rest[0] == '"';
        if (IsQuoted)
        {
            TakeQuoted();
            return true;
        }

        var comma = _rest.IndexOf((byte)',');
        _isAtEnd = comma < 0;
        Field = _isAtEnd ? _rest : _rest[..comma];
        _rest = _isAtEnd ? default : _rest[(comma + 1)..];
        return true;
    }

    private void TakeQuoted()
    {
        var at = 1;
        while (true)
        {
            var quote = _rest[at..].IndexOf((byte)'"');
            if (quote < 0)
            {
                IsBroken = true;
                _isAtEnd = true;
                Field = _rest[1..];
                return;
            }

            at += quote;
            if (at + 1 == _rest.Length || _rest[at + 1] != '"')
                break;
            at += 2;
        }

        Field = _rest[1..at];
        _rest = _rest[(at + 1)..];
        _isAtEnd = _rest.Length == 0;
        if (_isAtEnd)
            return;
        IsBroken = _rest[0] != ',';
        _rest = _rest[1..];
    }
}
