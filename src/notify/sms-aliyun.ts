/**
 * SMS by Alibaba Cloud. The text is a template that the vendor has approved; a message fills its variables.
 *
 * Rules: help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms (parameters, one variable of at most
 * 35 characters) and /api-error-codes; by default one number gets 1 message a minute, 5 an hour and 10 a day.
 */
import { z } from 'zod';
import { defineChannel, refused } from './channel.ts';
import { acs3Authorization, canonicalQuery, sha256 } from './cloud-signature.ts';
import { byCode, exchange, jsonOf, MINUTE_MS, unreadable, type Verdict } from './exchange.ts';
import { baseUrl, internationalNumber, placeName, variable } from './shapes.ts';
import { shortened } from './template.ts';

const address = 'https://dysmsapi.aliyuncs.com';

/** Characters of a variable, one of them for the mark of a cut. */
const variableLength = 34;

const verdicts: Readonly<Record<string, Verdict>> = {
  OK: 'delivered',
  'isp.SYSTEM_ERROR': 'retry',
  ServiceUnavailable: 'retry',
  // One number too often, by the minute; by the hour or day it is the same code, and the ladder of waits ends it.
  'isv.BUSINESS_LIMIT_CONTROL': { waitMs: MINUTE_MS },
  Throttling: { waitMs: MINUTE_MS },
  'Throttling.User': { waitMs: MINUTE_MS },
  'isv.DAY_LIMIT_CONTROL': 'never',
  'isv.MONTH_LIMIT_CONTROL': 'never',
  'isv.OUT_OF_SERVICE': 'never',
  'isv.AMOUNT_NOT_ENOUGH': 'never',
  'isv.MOBILE_NUMBER_ILLEGAL': 'never',
  'isv.MOBILE_COUNT_OVER_LIMIT': 'never',
  'isv.TEMPLATE_MISSING_PARAMETERS': 'never',
  'isv.SMS_TEMPLATE_ILLEGAL': 'never',
  'isv.SMS_SIGNATURE_ILLEGAL': 'never',
  'isv.INVALID_PARAMETERS': 'never',
  'isv.INVALID_JSON_PARAM': 'never',
  'isv.BLACK_KEY_CONTROL_LIMIT': 'never',
  'isv.PARAM_NOT_SUPPORT_URL': 'never',
  'isv.PARAM_LENGTH_LIMIT': 'never',
  SignatureDoesNotMatch: 'never',
  SignatureNonceUsed: 'retry',
  'InvalidAccessKeyId.NotFound': 'never',
  'InvalidTimeStamp.Expired': 'never',
};

export const smsAliyun = defineChannel({
  kind: 'sms-aliyun',
  settings: z.strictObject({
    kind: z.literal('sms-aliyun').describe('SMS by Alibaba Cloud.'),
    keyIdEnv: variable.describe('Environment variable with the AccessKey ID.'),
    keySecretEnv: variable.describe('Environment variable with the AccessKey secret.'),
    signName: z.string().min(1).describe('Approved signature.'),
    templateCode: z.string().min(1).describe('Approved template, SMS_…'),
    variables: z
      .record(z.string().min(1), placeName)
      .describe('Variable of the approved template to the place that fills it, for example { "no": "工单号" }.'),
    baseUrl: baseUrl(address),
  }),
  format: 'plain',
  limits: { max: 300, unit: 'characters', perMinute: null },
  costly: true,
  baseUrl: (settings) => settings.baseUrl ?? address,
  async send({ key, to, values }, { settings, secret }, tools) {
    const [keyId, keySecret] = [secret(settings.keyIdEnv), secret(settings.keySecretEnv)];
    const number = internationalNumber(to);
    if (number === null) return refused('notify-bad-number', { vendor: 'Aliyun' });
    const url = new URL('/', settings.baseUrl ?? address);
    const filled = Object.entries(settings.variables).map(([name, place]) => [
      name,
      shortened(values[place] ?? '', variableLength),
    ]);
    const query = canonicalQuery({
      PhoneNumbers: number,
      SignName: settings.signName,
      TemplateCode: settings.templateCode,
      TemplateParam: JSON.stringify(Object.fromEntries(filled)),
      OutId: key,
    });
    const headers = {
      host: url.host,
      'x-acs-action': 'SendSms',
      'x-acs-version': '2017-05-25',
      'x-acs-date': tools.now.toISOString().replace(/\.\d+Z$/, 'Z'),
      // A nonce may be used once. Two attempts differ in their time, two messages in their key.
      'x-acs-signature-nonce': sha256(`${key} ${tools.now.toISOString()}`).slice(0, 32),
      'x-acs-content-sha256': sha256(''),
    };
    const authorization = acs3Authorization({ method: 'POST', path: '/', query, headers, body: '' }, keyId, keySecret);
    const request = {
      method: 'POST',
      url: `${url.origin}/?${query}`,
      headers: { ...headers, authorization },
      body: '',
    } as const;
    return await exchange(tools, request, [keyId, keySecret], (reply) => {
      const answer = jsonOf(reply);
      return typeof answer?.Code === 'string'
        ? byCode('Aliyun', answer.Code, answer.Message, verdicts)
        : unreadable(reply, url.host);
    });
  },
});
