using System.ComponentModel.DataAnnotations;
using System.Globalization;
using DisruptorStream.Expressions;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Hosting.Validation;

/// <summary>Where windows begin: for those whose text is beside it, and that have a beginning to choose.</summary>
internal sealed class WindowOffsetAttribute : OptionValueAttribute
{
    public override string Allowed => "a time, written as [-][days.]hours:minutes:seconds, such as 06:00:00";

    public override bool CanRead(string text) => text.AsSpan().Count(':') == 2
        && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out _);

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is null || HasOffset(((HostedQueryOptions)validationContext.ObjectInstance).Window))
            return ValidationResult.Success;
        return new ValidationResult(
            $"{validationContext.DisplayName} is {value}, and there are no tumbling or sliding windows beside it; "
            + "write Window too, or leave the offset out.");
    }

    /// <summary>A text that is none has a message of its own.</summary>
    private static bool HasOffset(string? text)
    {
        try
        {
            return text is not null && WindowSpec.Parse(text).HasOffset;
        }
        catch (ExpressionException)
        {
            return true;
        }
    }
}
