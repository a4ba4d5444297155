using System.ComponentModel.DataAnnotations;
using DisruptorStream.Expressions;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Hosting.Validation;

/// <summary>Windows as text; the message says what is wrong with it.</summary>
internal sealed class WindowTextAttribute : OptionValueAttribute
{
    public override string Allowed => WindowSpec.Forms;

    /// <summary>What is wrong with it is told with the value.</summary>
    public override bool CanRead(string text) => true;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not string text)
            return ValidationResult.Success;
        try
        {
            _ = WindowSpec.Parse(text);
            return ValidationResult.Success;
        }
        catch (ExpressionException exception)
        {
            return new ValidationResult(
                $"{validationContext.DisplayName} is '{text}', which are no windows: {exception.Message}");
        }
    }
}
