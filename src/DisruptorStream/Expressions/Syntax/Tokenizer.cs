using System.Text;

namespace DisruptorStream.Expressions.Syntax;

/// <summary>Cuts the text of an expression into tokens.</summary>
internal sealed class Tokenizer
{
    private const int MostCharacters = 20_000;

    private static readonly string[] Symbols =
        ["<>", "!=", "<=", ">=", "||", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")", ","];

    private readonly string _text;
    private int _at;

    private Tokenizer(string text) => _text = text;

    /// <summary>The tokens, the last of which is the end.</summary>
    /// <exception cref="ExpressionException">Something in the text is no token, or the text is too long.</exception>
    public static List<Token> Read(string text)
    {
        if (text.Length > MostCharacters)
        {
            throw new ExpressionException(
                $"The expression has {text.Length} characters, and {MostCharacters} is the most; divide it into "
                + "several.",
                MostCharacters,
                1);
        }

        var tokenizer = new Tokenizer(text);
        var tokens = new List<Token>();
        do
            tokens.Add(tokenizer.Next());
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    /// <summary>Whether a text can be written as a name without quotes around it.</summary>
    public static bool IsBareName(string name)
    {
        if (name.Length == 0 || !IsNameStart(name[0]))
            return false;
        var tokenizer = new Tokenizer(name);
        return tokenizer.Word().Text.Length == name.Length;
    }

    private Token Next()
    {
        while (_at < _text.Length && IsBlank(_text[_at]))
            _at++;
        if (_at == _text.Length)
            return new Token(TokenKind.End, "", new TextSpan(_at, 0));
        var first = _text[_at];
        if (IsNameStart(first))
            return Word();
        if (char.IsAsciiDigit(first) || (first == '.' && char.IsAsciiDigit(At(_at + 1))))
            return Number();
        if (first == '\'')
            return Quoted('\'', TokenKind.Text, "text");
        if (first == '"')
            return Quoted('"', TokenKind.QuotedName, "name");
        if (first == '-' && At(_at + 1) == '-')
        {
            throw new TextSpan(_at, 2).Error(
                "Two minus signs begin a comment in SQL, and there is none here; write a space between them.");
        }

        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) == 0)
                return Take(TokenKind.Symbol, _at + symbol.Length);
        }

        throw Unknown(first);
    }

    /// <summary>A name, which may be a path: parts that are joined by dots.</summary>
    private Token Word()
    {
        var end = _at;
        do
        {
            end++;
            while (IsNamePart(At(end)))
                end++;
        }
        while (At(end) == '.' && IsNamePart(At(end + 1)));
        return Take(TokenKind.Word, end);
    }

    private Token Number()
    {
        var end = AfterDigits(_at);
        var kind = TokenKind.Integer;
        if (At(end) == '.')
        {
            kind = TokenKind.Number;
            end = AfterDigits(end + 1);
        }

        if (At(end) is 'e' or 'E')
        {
            var exponent = At(end + 1) is '+' or '-' ? end + 2 : end + 1;
            if (char.IsAsciiDigit(At(exponent)))
            {
                kind = TokenKind.Number;
                end = AfterDigits(exponent);
            }
        }

        if (!IsNamePart(At(end)) && At(end) != '.')
            return Take(kind, end);
        while (IsNamePart(At(end)) || At(end) == '.')
            end++;
        throw new TextSpan(_at, end - _at).Error(
            $"'{_text[_at..end]}' is neither a number nor a name; a name that begins with a digit stands in double "
            + "quotes.");
    }

    private Token Quoted(char quote, TokenKind kind, string what)
    {
        var text = new StringBuilder();
        for (var at = _at + 1; at < _text.Length; at++)
        {
            if (_text[at] != quote)
            {
                text.Append(_text[at]);
                continue;
            }

            if (At(at + 1) != quote)
            {
                var span = new TextSpan(_at, at + 1 - _at);
                if (kind == TokenKind.QuotedName && text.Length == 0)
                    throw span.Error("A name is empty; write it between the double quotes.");
                _at = at + 1;
                return new Token(kind, text.ToString(), span);
            }

            text.Append(quote);
            at++;
        }

        throw new TextSpan(_at, _text.Length - _at).Error(
            $"The quote of the {what} is never closed; write {quote} at its end.");
    }

    private ExpressionException Unknown(char first)
    {
        var length = char.IsSurrogatePair(first, At(_at + 1)) ? 2 : 1;
        var hint = first switch
        {
            '&' => "write and for 'and'",
            '|' => "write or for 'or', and || to join texts",
            '!' => "write not, or <> for 'is different'",
            '[' or ']' => "a name with brackets stands in double quotes",
            '`' => "a name stands in double quotes",
            '\u2018' or '\u2019' or '\u201c' or '\u201d' => "write straight quotes: ' around texts, \" around names",
            ';' => "write one expression, without a semicolon",
            _ => "a name with such a character stands in double quotes",
        };
        return new TextSpan(_at, length).Error(
            $"'{_text.Substring(_at, length)}' is not part of an expression; {hint}.");
    }

    private Token Take(TokenKind kind, int end)
    {
        var span = new TextSpan(_at, end - _at);
        _at = end;
        return new Token(kind, _text[span.Start..end], span);
    }

    private int AfterDigits(int at)
    {
        while (char.IsAsciiDigit(At(at)))
            at++;
        return at;
    }

    private char At(int at) => at < _text.Length ? _text[at] : '\0';

    private static bool IsBlank(char one) => char.IsWhiteSpace(one) || one == '\ufeff';

    private static bool IsNameStart(char one) => one == '_' || char.IsLetter(one);

    private static bool IsNamePart(char one) => one is '_' or '$' || char.IsLetterOrDigit(one);
}
